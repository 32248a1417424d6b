#include "contract/harness.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <ostream>
#include <utility>

namespace backplane::contract {

namespace {
constexpr auto kHangGuard = std::chrono::seconds(20);
}

link::Executor TestLoop::executor() {
  return [shared = shared_](std::function<void()> work) {
    std::lock_guard lock(shared->mutex);
    shared->posted.push_back(std::move(work));
    shared->wake.notify_one();
  };
}

bool TestLoop::run_until(const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + kHangGuard;
  for (;;) {
    if (done()) return true;
    std::function<void()> work;
    {
      std::unique_lock lock(shared_->mutex);
      if (!shared_->wake.wait_until(lock, until, [this] { return !shared_->posted.empty(); })) return false;
      work = std::move(shared_->posted.front());
      shared_->posted.pop_front();
    }
    work();
  }
}

std::string Exchange::body() const {
  std::string text;
  if (head) text = head->bytes();
  for (const op::Data& data : received) text += data.bytes;
  return text;
}

void Exchange::look() {
  using Phase = op::Operation::Phase;
  if (operation->ended() || operation->phase() == Phase::kWaiting) return;
  if (!head) head = operation->take_response();
  if (operation->phase() == Phase::kWhole) {
    finished = true;
    return operation->finish(op::End::kDone);
  }
  while (reading) {
    auto data = operation->take_output();
    if (!data) break;
    const std::size_t bytes = data->bytes.size();
    received.push_back(std::move(*data));
    operation->sent(bytes);
  }
  if (operation->phase() == Phase::kEnding && !operation->has_output()) {
    finished = true;
    operation->finish(op::End::kDone);
  }
}

std::vector<LinkKind> link_kinds() {
  return {{"thread", [](const base::Clock& clock, link::Executor executor, base::Turn& turn) {
             return plugin::thread_links(clock, std::move(executor), turn);
           }}};
}

void PrintTo(const LinkKind& kind, std::ostream* out) {
  *out << kind.name;
}

Host::Host(const LinkKind& kind) : kind_(kind) {
  std::string name = (std::filesystem::temp_directory_path() / "backplane-contract-XXXXXX").string();
  data_dir = ::mkdtemp(name.data());
}

Host::~Host() {
  if (supervisor && !stopped_) stop();
  supervisor.reset();
  std::filesystem::remove_all(data_dir);
}

config::PluginSettings Host::settings(std::string instance, std::string plugin, std::string config_json) {
  config::PluginSettings settings;
  settings.instance = std::move(instance);
  settings.plugin = std::move(plugin);
  settings.config_json = base::Secret(std::move(config_json));
  settings.where = "test.yaml:1:1";
  return settings;
}

std::vector<base::Problem> Host::run(const std::vector<config::PluginSettings>& plugins,
                                     const std::filesystem::path& dir) {
  supervisor = std::make_unique<plugin::Supervisor>(
      clock, router,
      plugin::Supervisor::Options{kind_.make(clock, loop.executor(), turn),
                                  {dir},
                                  data_dir / "plugins",
                                  {{"version", "0.1.0"}, {"device_name", "bench"}, {"auth_enabled", "true"}}});
  auto problems = supervisor->load(plugins);
  bool settled = false;
  supervisor->start([&settled] { settled = true; });
  EXPECT_TRUE(wait([&settled] { return settled; }));
  return problems;
}

plugin::Instance& Host::instance(std::string_view name) {
  for (const auto& instance : supervisor->instances()) {
    if (instance->name() == name) return *instance;
  }
  ADD_FAILURE() << "no instance " << name;
  std::abort();
}

std::shared_ptr<Exchange> Host::send(RequestLine line) {
  auto request = std::make_shared<exchange::Request>();
  // The views of a request look into its head.
  request->head = line.method + " " + line.path + "?" + line.query + "\n";
  for (const auto& [name, value] : line.headers) request->head += name + ":" + value + "\n";
  std::string_view head = request->head;
  const auto take = [&head](std::size_t size, std::size_t skip) {
    const std::string_view text = head.substr(0, size);
    head.remove_prefix(size + skip);
    return text;
  };
  request->method = take(line.method.size(), 1);
  request->target = head.substr(0, line.path.size() + 1 + line.query.size());
  take(line.path.size(), 1);
  request->query = take(line.query.size(), 1);
  for (const auto& [name, value] : line.headers) {
    const std::string_view header_name = take(name.size(), 1);
    request->headers.push_back({header_name, take(value.size(), 1)});
  }
  request->path = line.path;
  request->query_fields = {{"do", line.query}};
  request->fields = std::move(line.fields);
  request->client_address = "192.0.2.7";
  request->principal = std::move(line.principal);
  request->trace = 0xABC;

  http::Match match = router.match(line.method, line.path);
  if (match.route == nullptr) {
    ADD_FAILURE() << "no route for " << line.path;
    return nullptr;
  }
  request->path_parameters = std::move(match.parameters);
  auto exchange = std::make_shared<Exchange>();
  exchange->operation = std::make_shared<op::Operation>(request, match.route->style, match.route->timeout_ms);
  table.open(exchange->operation);
  exchange->operation->set_wake([weak = std::weak_ptr<Exchange>(exchange)] {
    if (const auto alive = weak.lock()) alive->look();
  });
  match.route->handler(exchange->operation);
  table.start_deadline(*exchange->operation);
  return exchange;
}

std::shared_ptr<Exchange> Host::ask(RequestLine line) {
  const std::string path = line.path + "?" + line.query;
  auto exchange = send(std::move(line));
  EXPECT_TRUE(wait([&] { return exchange->finished; })) << path;
  return exchange;
}

std::optional<bool> Host::stop() {
  std::optional<bool> clean;
  supervisor->stop([&clean](bool outcome) { clean = outcome; });
  wait([&clean] { return clean.has_value(); });
  stopped_ = true;
  return clean;
}

}  // namespace backplane::contract
