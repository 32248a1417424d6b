// A link to a plugin that runs in a process of its own: starts backplane-runner, talks frames with it, watches its
// heartbeat, kills it when it stalls or breaks the protocol, and says how it ended.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/readiness.hpp"
#include "base/turn.hpp"
#include "base/unique_fd.hpp"
#include "link/child.hpp"
#include "link/child_output.hpp"
#include "link/link.hpp"
#include "link/thread_link.hpp"
#include "link/wire/frame_stream.hpp"
#include "link/wire/log_gate.hpp"
#include "link/wire/plugin_queue.hpp"
#include "link/wire/settings.hpp"
#include "link/wire/shared_page.hpp"

namespace backplane::link {

// What every process link uses.
struct ProcessHost {
  const base::Clock& clock;
  Executor executor;
  base::Turn& turn;
  base::Readiness& readiness;
  std::vector<std::string> runner;                        // the program and its first arguments
  std::vector<int> descriptors = {};                      // further ones that it is given, from 5 on
  std::function<std::string(int)> system_call_name = {};  // of a number that the sandbox has stopped
};

class ProcessLink final : public Link {
 public:
  ProcessLink(const ProcessHost& host, Settings settings, Receiver& receiver);
  ~ProcessLink() override;

  // The last message is kStopped if the process was asked to stop, or else kLost; either comes once it is gone.
  void start() override;
  bool deliver(Message message) override;
  void stop() override;
  std::optional<Blocked> blocked() const override;
  void tick() override;
  void kill(std::string reason) override;
  pid_t process() const override { return child_ ? child_->pid() : 0; }
  std::uint64_t unknown_frames() const override { return stream_ ? stream_->unknown_frames() : 0; }
  const std::vector<SandboxLayer>& layers() const override { return layers_; }

 private:
  struct Mapping;
  // Passes what the readiness says of one descriptor on.
  struct Watch final : base::Readiness::Watcher {
    explicit Watch(std::function<void()> hear) : on_it(std::move(hear)) {}
    void on_ready(bool, bool) override { on_it(); }
    std::function<void()> on_it;
  };

  base::Checked<void> spawn();
  void lose_before_start(std::string reason);
  void put_off_flush();
  void flush();
  void receive();
  void receive_later();
  // False if this link may be gone.
  bool take(Message& message);
  bool accept_hello(const Hello& hello);
  bool accept_layers(Sandboxed& sandboxed);
  bool accept_stopped();
  void look_at_end();
  void unwatch();
  std::string why_it_ended(const ChildEnd& end) const;

  const ProcessHost& host_;
  const std::shared_ptr<const Settings> settings_;
  Receiver& receiver_;
  PluginQueue queue_;
  LogGate log_gate_;
  std::unique_ptr<Mapping> page_;
  std::optional<FrameStream> stream_;
  std::optional<Child> child_;
  std::optional<ChildOutput> output_;
  Watch socket_watch_{[this] {
    flush();
    receive();
  }};
  Watch end_watch_{[this] { look_at_end(); }};
  std::vector<SandboxLayer> layers_;
  std::string killed_because_;
  bool greeted_ = false;
  bool sandboxed_ = false;
  bool closed_ = false;   // it has closed its connection, whether it ended or not
  bool stopped_ = false;  // it has said that its plugin is destroyed
  bool flush_put_off_ = false;
  bool receive_put_off_ = false;
  std::uint64_t pings_ = 0;
  std::uint64_t pongs_ = 0;
  std::int64_t pinged_ms_ = 0;
  std::int64_t stop_by_ms_ = 0;                                                        // 0: it was not asked to stop
  const std::shared_ptr<ProcessLink*> anchor_ = std::make_shared<ProcessLink*>(this);  // for what is posted or put off
};

}  // namespace backplane::link
