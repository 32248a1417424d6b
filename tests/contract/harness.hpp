// A small host for plugin tests: a loop in place of the I/O thread, a router, a supervisor, and clients that play the
// connection's part of an operation. No network.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/readiness.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "op/op_table.hpp"
#include "plugin/links.hpp"
#include "plugin/supervisor.hpp"

namespace backplane::contract {

// Runs what other threads post, and what descriptors bring, on the test's thread.
class TestLoop final : public base::Readiness {
 public:
  TestLoop();

  link::Executor executor();
  bool add(int descriptor, Watcher& watcher) override;
  void remove(int descriptor, const Watcher& watcher) override;
  // Runs posted work until `done`. False where 20 s have passed: a guard against hanging, never a measurement.
  bool run_until(const std::function<bool()>& done);

 private:
  struct Shared {
    std::mutex mutex;
    base::UniqueFd wake;
    std::deque<std::function<void()>> posted;
  };
  std::function<void()> take();
  void wait(int timeout_ms);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  base::UniqueFd epoll_;
  std::map<std::uint64_t, Watcher*> watchers_;  // by a number of our own: a descriptor's may be used again
  std::uint64_t last_watcher_ = 0;
};

// One request and its client. By default it reads everything at once.
class Exchange {
 public:
  std::shared_ptr<op::Operation> operation;
  std::optional<exchange::Response> head;  // the whole answer, or a stream's head
  std::vector<op::Data> received;
  bool finished = false;  // the whole answer was read
  bool reading = true;    // false: output stays where it is

  std::string body() const;  // of a whole answer, or all of a stream's pieces
  int status() const { return head ? head->status : 0; }
  // Takes what is there; called on every wake.
  void look();
};

struct RequestLine {
  std::string method = "GET";
  std::string path;
  std::string query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::shared_ptr<const exchange::Principal> principal = nullptr;
  std::vector<exchange::Field> fields = {};
};

// A clock that only the test moves, and that the processes it starts read as well.
class SharedClock final : public base::Clock {
 public:
  SharedClock();
  std::int64_t steady_ms() const override { return now_ms_->load(); }
  std::int64_t boot_ms() const override { return now_ms_->load(); }
  std::int64_t wall_ms() const override { return 1'700'000'000'000 + now_ms_->load(); }
  void advance_ms(std::int64_t ms) { *now_ms_ += ms; }
  int descriptor() const { return memory_.get(); }

 private:
  base::UniqueFd memory_;
  std::atomic<std::int64_t>* now_ms_;
};

// Where the plugins of a test run: everything of the contract holds in both homes.
struct LinkKind {
  std::string name;
  config::Isolation isolation;
};
std::vector<LinkKind> link_kinds();
void PrintTo(const LinkKind& kind, std::ostream* out);

class Host {
 public:
  explicit Host(const LinkKind& kind = link_kinds().front());
  ~Host();

  // Makes the supervisor for plugins in `dir`, which run in this host's kind of home.
  void make_supervisor(const std::filesystem::path& dir);
  // The same settings, with this host's kind of home.
  std::vector<config::PluginSettings> at_home(std::vector<config::PluginSettings> plugins) const;
  // Loads and starts these instances of plugins in `dir` and waits until each runs or is refused.
  std::vector<base::Problem> run(const std::vector<config::PluginSettings>& plugins, const std::filesystem::path& dir);
  static config::PluginSettings settings(std::string instance, std::string plugin,
                                         const std::string& config_json = "{}");
  // The instance of a module with a table of misdeeds that is that row of it, named after it and mounted there.
  static config::PluginSettings misdeed(const std::string& module, const std::string& row);
  plugin::Instance& instance(std::string_view name);

  // Sends a request; the answer arrives while the loop runs. Fails the test where there is no such route.
  std::shared_ptr<Exchange> send(RequestLine line);
  // Sends it and waits for the whole answer.
  std::shared_ptr<Exchange> ask(RequestLine line);
  bool wait(const std::function<bool()>& done) { return loop.run_until(done); }
  // Stops all plugins; the outcome is whether it was clean.
  std::optional<bool> stop();

  bool in_process() const { return kind_.isolation == config::Isolation::kProcess; }
  // Moves the clock, and lets the supervisor look at it.
  void advance_ms(std::int64_t ms);

  SharedClock clock;
  TestLoop loop;
  base::Turn turn;
  op::OpTable table{clock};
  http::Router router;
  feed::Feeds feeds;
  std::filesystem::path data_dir;
  std::vector<std::string> notices;  // "plugin.crashed probe: it was ended by …"
  const link::ProcessHost process_host;
  std::unique_ptr<plugin::Supervisor> supervisor;

 private:
  const LinkKind kind_;
  bool stopped_ = false;
};

}  // namespace backplane::contract
