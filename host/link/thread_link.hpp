// A link to a plugin that runs on a thread of its own in this process.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/turn.hpp"
#include "link/link.hpp"
#include "link/wire/settings.hpp"

namespace backplane::link {

// Posts a function to the I/O thread. [any thread]
using Executor = std::function<void(std::function<void()>)>;

class ThreadLink final : public Link {
 public:
  // The plugin's thread is woken at the end of the turn: once for all that it delivers.
  ThreadLink(Settings settings, const base::Clock& clock, Executor executor, base::Turn& turn, Receiver& receiver);
  // Joins the thread if the plugin is destroyed. If it is not (it overran its stop), the thread is left behind
  // with all it uses: the process should end.
  ~ThreadLink() override;

  void start() override;
  bool deliver(Message message) override;
  void stop() override;
  std::optional<Blocked> blocked() const override;

 private:
  struct Core;
  struct Anchor {
    ThreadLink* link;
  };
  void drain();
  void wake_plugin();

  base::Turn& turn_;
  Receiver& receiver_;
  std::shared_ptr<Core> core_;      // shared with the thread
  std::shared_ptr<Anchor> anchor_;  // what a posted drain looks for: it may come after this link is gone
  std::thread thread_;
  std::vector<Message> batch_;
  bool wake_put_off_ = false;
  bool finished_ = false;
};

}  // namespace backplane::link
