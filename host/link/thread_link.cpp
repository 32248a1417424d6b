#include "link/thread_link.hpp"

#include <pthread.h>

#include <utility>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/plugin_side.hpp"
#include "link/wire/host_queue.hpp"
#include "link/wire/plugin_queue.hpp"

namespace backplane::link {

// All that the plugin's thread uses. It never holds anything of a connection, so nothing of the I/O thread's can be
// destroyed there.
struct ThreadLink::Core {
  Core(Settings settings, const base::Clock& host_clock, std::function<void()> wake_host)
      : clock(host_clock),
        to_host([wake = std::move(wake_host)](Code) { wake(); }),
        side(std::move(settings), host_clock, from_host, to_host, busy) {}

  const base::Clock& clock;
  PluginQueue from_host;
  HostQueue to_host;
  Busy busy;
  PluginSide side;
};

ThreadLink::ThreadLink(Settings settings, const base::Clock& clock, Executor executor, base::Turn& turn,
                       Receiver& receiver)
    : turn_(turn), receiver_(receiver), anchor_(std::make_shared<Anchor>(Anchor{this})) {
  auto wake_host = [executor = std::move(executor), weak = std::weak_ptr<Anchor>(anchor_)] {
    executor([weak] {
      // Nothing of the anchor is held meanwhile: drain tells by it whether the link is gone.
      ThreadLink* const link = weak.expired() ? nullptr : weak.lock()->link;
      if (link != nullptr) link->drain();
    });
  };
  core_ = std::make_shared<Core>(std::move(settings), clock, std::move(wake_host));
}

ThreadLink::~ThreadLink() {
  core_->to_host.close();
  if (!thread_.joinable()) return;
  if (finished_) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void ThreadLink::start() {
  core_->from_host.send({Code::kStart, 0, {}});
  thread_ = std::thread([core = core_] {
    pthread_setname_np(pthread_self(), core->side.settings().instance.substr(0, 15).c_str());
    core->side.run();
  });
}

bool ThreadLink::deliver(Message message) {
  if ((message.code == Code::kRequest || message.code == Code::kConfig) && blocked()) return false;
  if (!core_->from_host.send(std::move(message))) return false;
  wake_plugin();
  return true;
}

void ThreadLink::wake_plugin() {
  if (std::exchange(wake_put_off_, true)) return;
  turn_.at_end([weak = std::weak_ptr<Anchor>(anchor_)] {
    const auto anchor = weak.lock();
    if (!anchor) return;
    anchor->link->wake_put_off_ = false;
    anchor->link->core_->side.wake();
  });
}

void ThreadLink::stop() {
  deliver({Code::kStop, 0, {}});
}

std::optional<Blocked> ThreadLink::blocked() const {
  return core_->busy.blocked(limits::kPluginBlockedMs, core_->clock, core_->side.settings().routes.size());
}

void ThreadLink::drain() {
  const bool refused = core_->to_host.take(batch_);
  // A receiver may destroy this link on the last message, so what is needed after each is on the stack.
  std::vector<Message> batch = std::move(batch_);
  const std::weak_ptr<Anchor> alive = anchor_;
  for (Message& message : batch) {
    if (message.code == Code::kStopped) finished_ = true;
    receiver_.on_message(message);
    if (alive.expired()) return;
  }
  batch.clear();
  batch_ = std::move(batch);
  if (refused) deliver({Code::kRoom, 0, {}});
}

}  // namespace backplane::link
