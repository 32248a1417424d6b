// A plugin for the SDK's tests: does on demand what a plugin can do, right and wrong.
#include <backplane/config.hpp>
#include <backplane/plugin.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using namespace backplane::sdk;  // NOLINT: a file for tests alone
using namespace std::chrono_literals;

constexpr bp_cookie kTick = 7;

struct Upload {
  Host* host;
  std::string bytes;
  explicit Upload(Host* from) : host(from) {}
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload() { host->info("upload freed"); }
};

class Probe final : public Plugin {
 public:
  explicit Probe(const Startup& startup) : Plugin(startup), behaviour_(Config(startup.config_json).text("behaviour")) {
    if (behaviour_ == "create throws") throw std::runtime_error("no probe today");
  }

  void start(Done done) override {
    if (behaviour_ == "start throws") throw std::runtime_error("no device");
    if (behaviour_ == "start drops") return;
    if (behaviour_ == "start answers twice") {
      done.ok("first");
      host().info("second answer: " + std::to_string(done.ok("second")));
      return;
    }
    if (behaviour_ == "start blocks") {
      loop().run_blocking([] { return std::string("opened"); },
                          [done = std::move(done)](const std::string& text) mutable { done.ok(text); });
      return;
    }
    if (behaviour_ == "start answers, then throws") {
      done.ok();
      throw std::runtime_error("too late");
    }
    done.ok();
  }

  void stop(Done done) override {
    if (answerer_.joinable()) answerer_.join();
    done.ok("stopped");
  }

  void on_config(Done done, std::string_view json) override {
    behaviour_ = Config(json).text("behaviour");
    done.ok(behaviour_);
  }

  void echo(const Request& request, Operation operation) {
    std::string text;
    const auto line = [&](std::string_view name, std::string_view value) {
      text.append(name).append("=").append(value).append("\n");
    };
    line("method", request.method());
    line("path", request.path());
    line("thing", request.path_parameter("thing"));
    line("query", request.query("q").value_or("(none)"));
    line("missing", request.query("nothing").value_or("(none)"));
    line("header", request.header("x-PROBE").value_or("(none)"));
    for (const Field field : request.fields()) line(field.name, field.value);
    line("user", request.user());
    line("may", request.has_scope("probe.write") ? "write" : "read");
    operation.respond(Response::text(text, 201).header("X-Made-By", "probe").fresh_ms(5));
  }
  void throws(const Request&, Operation) { throw std::runtime_error("broken on purpose"); }
  void throws_number(const Request&, Operation) { throw 7; }
  void thread(const Request&, Operation operation) {
    answerer_ = std::thread([operation] { operation.respond(Response::text("from a thread")); });
  }
  void twice(const Request&, Operation operation) {
    operation.respond(Response::text("once"));
    host().info("second respond: " + std::to_string(operation.respond(Response::text("twice"))));
  }
  void upload(const Request&, Operation operation) { uploads_.begin(operation, &host()); }
  void stream(const Request&, Operation operation) {
    operation.begin(Response(200).content_type("text/plain"));
    on_writable(operation);
  }
  void blocking(const Request&, Operation operation) {
    loop().run_blocking([] { return std::string("worked"); },
                        [operation](const std::string& text) { operation.respond(Response::text(text)); }, operation);
  }
  void blocking_throws(const Request&, Operation operation) {
    loop().run_blocking([]() -> int { throw std::runtime_error("the disk is gone"); },
                        [operation](int) { operation.respond(Response::text("never")); }, operation);
  }
  // Answers what a task, a timer and a descriptor did; they are called between this and the answer.
  void loop_events(const Request& request, Operation operation) {
    const int fd = std::stoi(std::string(request.query("fd").value_or("0")));
    loop().post([this] { seen_ += "post "; });
    loop().set_timer(kTick, 10ms, 20ms, [this, operation] {
      seen_ += "timer ";
      if (++ticks_ < 2) return;
      loop().cancel_timer(kTick);
      operation.respond(Response::text(seen_));
    });
    loop().watch_fd(fd, BP_FD_READ, [this, fd](std::uint32_t events) {
      seen_ += "fd" + std::to_string(events) + " ";
      loop().unwatch_fd(fd);
    });
  }
  void services(const Request&, Operation operation) {
    std::string text;
    const auto add = [&](std::string_view name, const std::string& value) {
      text.append(name).append("=").append(value).append("\n");
    };
    add("set_state", std::to_string(host().set_state(State::kDegraded, "no camera")));
    add("metric", std::to_string(host().metric("frames", 3, Metric::kCounter, {{"camera", "left"}})));
    add("set_timer", std::to_string(loop().set_timer(1, 0ms, 0ms, [] {})));
    add("cancel_timer", std::to_string(loop().cancel_timer(1)));
    add("watch_fd", std::to_string(loop().watch_fd(0, BP_FD_READ, [](std::uint32_t) {})));
    add("unwatch_fd", std::to_string(loop().unwatch_fd(0)));
    add("run_blocking", std::to_string(loop().run_blocking([] {}, [] {})));
    add("version", host().fact("version"));
    add("long", host().fact("long"));
    add("unknown", host().fact("unknown"));
    add("data_dir", host().data_dir());
    const bp_status answered = operation.respond(Response::text(text));
    host().info("respond: " + std::to_string(answered));
  }

  void follow(const Request&, Operation operation) {
    operation.begin(Response(200).content_type("text/event-stream"));
    host().publish(1, {"early"});
    host().attach(operation, 1, {.prefix = "data: ", .suffix = "\n\n", .lost = ": {count} lost\n\n"});
    host().publish(1, {"one", "place 1"});
    host().subscribe(7, "camera/frames");
    host().unsubscribe(7);
  }
  void on_demand(std::uint32_t feed, bool wanted, std::string_view last_id) override {
    host().info("demand " + std::to_string(feed) + (wanted ? " wanted '" : " unwanted '") + std::string(last_id) + "'");
  }
  void on_item(bp_cookie subscription, const FeedItem& item, std::uint64_t lost) override {
    if (item.bytes.empty()) throw std::runtime_error("an empty item");
    host().info("item " + std::to_string(subscription) + " " + std::string(item.bytes) + " '" + std::string(item.id) +
                "' lost " + std::to_string(lost));
  }
  void on_data(Operation operation, DataKind, std::string_view data, bool last) override {
    Upload* const upload = uploads_.find(operation);
    if (upload == nullptr) return;
    upload->bytes += data;
    operation.consume(data.size());
    if (last) operation.respond(Response::text(upload->bytes));
  }
  void on_writable(Operation operation) override {
    while (written_ < 3) {
      if (operation.write("piece " + std::to_string(written_) + "\n") == BP_E_AGAIN) return;
      ++written_;
    }
    operation.end();
  }
  void on_end(Operation operation, EndReason reason) override {
    host().info("end " + std::to_string(operation.number()) + " " + std::to_string(static_cast<int>(reason)) +
                (uploads_.find(operation) != nullptr ? " with an upload" : ""));
    if (behaviour_ == "on_end throws") throw std::runtime_error("at the end");
  }

  static constexpr Route<Probe> kRoutes[] = {
      {"echo", &Probe::echo},        {"throws", &Probe::throws},     {"throws-number", &Probe::throws_number},
      {"thread", &Probe::thread},    {"twice", &Probe::twice},       {"upload", &Probe::upload},
      {"stream", &Probe::stream},    {"blocking", &Probe::blocking}, {"blocking-throws", &Probe::blocking_throws},
      {"loop", &Probe::loop_events}, {"services", &Probe::services}, {"follow", &Probe::follow},
  };
  static constexpr const char* kFeeds[] = {"lines", "frames"};

 private:
  std::string behaviour_;
  std::string seen_;
  int ticks_ = 0;
  int written_ = 0;
  std::thread answerer_;
  PerOperation<Upload> uploads_{*this};
};

}  // namespace

BACKPLANE_PLUGIN(Probe);
