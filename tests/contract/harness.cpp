#include "contract/harness.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <new>
#include <ostream>
#include <utility>

#include "link/wire/shared_memory.hpp"
#include "runner/system_call_name.hpp"

namespace backplane::contract {

namespace {

constexpr auto kHangGuard = std::chrono::seconds(20);
constexpr int kTickMs = 20;  // of real time: heartbeats and restarts are looked at while a test waits

}  // namespace

TestLoop::TestLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  shared_->wake = base::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, shared_->wake.get(), &event);
}

link::Executor TestLoop::executor() {
  return [shared = shared_](std::function<void()> work) {
    const std::lock_guard lock(shared->mutex);
    shared->posted.push_back(std::move(work));
    ::eventfd_write(shared->wake.get(), 1);
  };
}

bool TestLoop::add(int descriptor, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = ++last_watcher_;
  watchers_.emplace(last_watcher_, &watcher);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void TestLoop::remove(int descriptor, const Watcher& watcher) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  std::erase_if(watchers_, [&watcher](const auto& one) { return one.second == &watcher; });
}

std::function<void()> TestLoop::take() {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->posted.empty()) return nullptr;
  auto work = std::move(shared_->posted.front());
  shared_->posted.pop_front();
  return work;
}

void TestLoop::wait(int timeout_ms) {
  epoll_event events[16];
  const int count = ::epoll_wait(epoll_.get(), events, 16, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const auto found = watchers_.find(events[i].data.u64);
    if (found == watchers_.end()) continue;
    found->second->on_ready((events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0,
                            (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }
}

bool TestLoop::run_until(const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + kHangGuard;
  wait(0);  // what has come already comes first, also for who asks again and again
  while (!done()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    const auto work = take();
    if (work) work();
    wait(work ? 0 : kTickMs);
  }
  return true;
}

SharedClock::SharedClock() : memory_(link::make_shared_page(sizeof(std::atomic<std::int64_t>))) {
  void* address = ::mmap(nullptr, sizeof *now_ms_, PROT_READ | PROT_WRITE, MAP_SHARED, memory_.get(), 0);
  if (address == MAP_FAILED) std::abort();
  now_ms_ = new (address) std::atomic<std::int64_t>(1'000'000);
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
    const std::size_t bytes = data->size();
    received.push_back({data->kind, std::move(*data).join()});
    operation->sent(bytes);
  }
  if (operation->phase() == Phase::kEnding && !operation->has_output()) {
    finished = true;
    operation->finish(op::End::kDone);
  }
}

std::vector<LinkKind> link_kinds() {
  return {{"thread", config::Isolation::kThread}, {"process", config::Isolation::kProcess}};
}

void PrintTo(const LinkKind& kind, std::ostream* out) {
  *out << kind.name;
}

Host::Host(const LinkKind& kind)
    : process_host{.clock = clock,
                   .executor = loop.executor(),
                   .turn = turn,
                   .readiness = loop,
                   .runner = {CONTRACT_RUNNER},
                   .descriptors = {clock.descriptor()},
                   .system_call_name = runner::system_call_name},
      kind_(kind) {
  std::string name = (std::filesystem::temp_directory_path() / "backplane-contract-XXXXXX").string();
  data_dir = ::mkdtemp(name.data());
}

Host::~Host() {
  if (supervisor && !stopped_) stop();
  supervisor.reset();
  std::filesystem::remove_all(data_dir);
}

config::PluginSettings Host::settings(std::string instance, std::string plugin, const std::string& config_json) {
  config::PluginSettings settings;
  settings.instance = std::move(instance);
  settings.plugin = std::move(plugin);
  settings.config = config::SecretValue(config::parse_json(config_json).value());
  settings.where = "test.yaml:1:1";
  return settings;
}

config::PluginSettings Host::misdeed(const std::string& module, const std::string& row) {
  config::PluginSettings chosen = settings(row, module, R"({"misdeed":")" + row + R"("})");
  chosen.mount = "/" + row;
  return chosen;
}

void Host::make_supervisor(const std::filesystem::path& dir) {
  plugin::Supervisor::Options options;
  options.thread_link = plugin::thread_links(clock, loop.executor(), turn);
  options.process_link = plugin::process_links(process_host, data_dir);
  options.plugin_dirs = {dir};
  options.state_dir = data_dir;
  options.info = {{"version", "0.1.0"}, {"device_name", "bench"}, {"auth_enabled", "true"}};
  options.notice = [this](std::string_view event, const std::string& instance, const std::string& text) {
    notices.push_back(std::string(event) + " " + instance + ": " + text);
  };
  supervisor = std::make_unique<plugin::Supervisor>(clock, router, feeds, std::move(options));
}

std::vector<config::PluginSettings> Host::at_home(std::vector<config::PluginSettings> plugins) const {
  for (config::PluginSettings& plugin : plugins) {
    if (!plugin.isolation) plugin.isolation = kind_.isolation;
  }
  return plugins;
}

void Host::advance_ms(std::int64_t ms) {
  clock.advance_ms(ms);
  supervisor->tick();
}

std::vector<base::Problem> Host::run(const std::vector<config::PluginSettings>& plugins,
                                     const std::filesystem::path& dir) {
  make_supervisor(dir);
  auto problems = supervisor->load(at_home(plugins));
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
