// A small host for plugin tests: a loop in place of the I/O thread, a router, a supervisor, and clients that play the
// connection's part of an operation. No network.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "op/op_table.hpp"
#include "plugin/supervisor.hpp"

namespace backplane::contract {

// Runs what other threads post, on the test's thread.
class TestLoop {
 public:
  link::Executor executor();
  // Runs posted work until `done`. False where 20 s have passed: a guard against hanging, never a measurement.
  bool run_until(const std::function<bool()>& done);

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> posted;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
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

// How the contract suite makes its links: thread now, process later.
struct LinkKind {
  std::string name;
  std::function<plugin::LinkFactory(const base::Clock&, link::Executor, base::Turn&)> make;
};
std::vector<LinkKind> link_kinds();
void PrintTo(const LinkKind& kind, std::ostream* out);

class Host {
 public:
  explicit Host(const LinkKind& kind = link_kinds().front());
  ~Host();

  // Loads and starts these instances of plugins in `dir` and waits until each runs or is refused.
  std::vector<base::Problem> run(const std::vector<config::PluginSettings>& plugins, const std::filesystem::path& dir);
  static config::PluginSettings settings(std::string instance, std::string plugin, std::string config_json = "{}");
  plugin::Instance& instance(std::string_view name);

  // Sends a request; the answer arrives while the loop runs. Fails the test where there is no such route.
  std::shared_ptr<Exchange> send(RequestLine line);
  // Sends it and waits for the whole answer.
  std::shared_ptr<Exchange> ask(RequestLine line);
  bool wait(const std::function<bool()>& done) { return loop.run_until(done); }
  // Stops all plugins; the outcome is whether it was clean.
  std::optional<bool> stop();

  base::ManualClock clock;
  TestLoop loop;
  base::Turn turn;
  op::OpTable table{clock};
  http::Router router;
  std::filesystem::path data_dir;
  std::unique_ptr<plugin::Supervisor> supervisor;

 private:
  const LinkKind kind_;
  bool stopped_ = false;
};

}  // namespace backplane::contract
