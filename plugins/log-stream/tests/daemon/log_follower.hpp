// A client that follows the log in one of its forms and takes what comes entry by entry.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/client.hpp"
#include "support/websocket_client.hpp"

namespace backplane::integration {

// How a client asks for the log, and what stands at the end of each entry.
struct LogForm {
  const char* name;
  const char* target;
  const char* accept;
  const char* end;  // empty: a message of a WebSocket is an entry
};

inline constexpr LogForm kKvmdForm{"kvmd", "/api/log?follow=1", "*/*", "\r\n"};
inline constexpr LogForm kStreamForm{"stream", "/stream/logs", "*/*", "\n"};
inline constexpr LogForm kTextForm{"text", "/api/v1/logs?follow", "text/plain", "\n"};
inline constexpr LogForm kJsonForm{"json", "/api/v1/logs?follow", "application/json", "\n"};
inline constexpr LogForm kEventsForm{"events", "/api/v1/logs?follow", "text/event-stream", "\n\n"};
inline constexpr LogForm kExportForm{"export", "/api/v1/logs?follow", "application/vnd.fdo.journal", "\n\n"};
inline constexpr LogForm kSocketForm{"socket", "/api/v1/logs/live?lines=10000", "*/*", ""};
inline constexpr LogForm kTextSocketForm{"text-socket", "/api/v1/logs/live?lines=10000&format=text", "*/*", ""};
inline constexpr LogForm kSharedForms[] = {kKvmdForm,   kStreamForm, kTextForm,   kJsonForm,
                                           kEventsForm, kExportForm, kSocketForm, kTextSocketForm};

// What an entry says, in any form; an entry that is none, such as the news of lost ones, as it is.
std::string message_of(const std::string& entry);
// Of many lines of one form.
std::vector<std::string> messages_of(const std::string& text, const std::string& end = "\n");

class LogFollower {
 public:
  // Asks with these credentials; answer() says what came of it.
  LogFollower(support::Client connection, const LogForm& form, support::Headers credentials,
              const std::string& more_parameters = {});

  const support::Reply& answer() const { return answer_; }
  // The next entry as it came, without what ends it; nothing where the answer has ended, or nothing came for 20 s.
  std::optional<std::string> next_entry();
  std::optional<std::string> next_message();
  // What comes next in the framing of HTTP, where no part of an entry was left over; no WebSocket has it.
  std::optional<std::string> next_chunk();
  // The messages up to that one, which is among them; up to the end where it never comes.
  std::vector<std::string> messages_until(const std::string& last);
  // Whether the answer ends: what still comes is passed over.
  bool ends();
  // The code that a WebSocket is closed with.
  unsigned closed_with() { return std::get<support::WebSocketClient>(peer_).closed_with(); }

 private:
  const std::string end_;
  std::variant<support::Client, support::WebSocketClient> peer_;
  support::Reply answer_;
  std::string raw_;   // with the lengths of its chunks
  std::string text_;  // without
  bool ended_ = false;
};

}  // namespace backplane::integration
