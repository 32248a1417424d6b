// The line between the host and one plugin instance. Whatever kind it is, the host sends it messages and hears
// messages. I/O thread only.
#pragma once

#include <optional>

#include "link/busy.hpp"
#include "link/message.hpp"

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

  // The callback that the plugin has not come back from for kPluginBlockedMs; empty where all is well.
  virtual std::optional<Blocked> blocked() const = 0;
};

}  // namespace backplane::link
