// The line between the host and one plugin instance. Whatever kind it is, the host sends it messages and hears
// messages: the last is kStopped, or kLost if a process ended that was not asked to. I/O thread only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "link/wire/message.hpp"
#include "link/wire/settings.hpp"
#include "link/wire/shared_page.hpp"

namespace backplane::link {

// Who hears what the plugin says.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void on_message(Message& message) = 0;
};

class Link {
 public:
  virtual ~Link() = default;

  // Brings the plugin up and asks it to start; kStarted follows. Once.
  virtual void start() = 0;

  // Sends a message. False: the plugin has not taken what was sent before (its queue is full, or it is blocked), and
  // this request, part, piece of data or configuration was not sent. Messages of other kinds are always taken.
  virtual bool deliver(Message message) = 0;

  // Asks the plugin to stop, once all its operations have ended; kStopped follows when it is destroyed. Once.
  virtual void stop() = 0;

  // The callback that the plugin has not come back from for kPluginBlockedMs; empty if all is well.
  virtual std::optional<Blocked> blocked() const = 0;

  // --- What only a plugin in a process of its own has ---

  // Looks at the heartbeat. Call every kTickMs.
  virtual void tick() {}
  // Ends the process at once; kLost with this reason follows. A thread cannot be ended: nothing happens.
  virtual void kill(std::string /*reason*/) {}
  // 0: it has none.
  virtual pid_t process() const { return 0; }
  // Frames with codes that this version does not know, which were passed over.
  virtual std::uint64_t unknown_frames() const { return 0; }
  // As they are in force; empty before the process has said so.
  virtual const std::vector<SandboxLayer>& layers() const {
    static const std::vector<SandboxLayer> kNone;
    return kNone;
  }
};

}  // namespace backplane::link
