// What a plugin may say, whichever way it comes. The host functions answer it BP_E_… by these rules, and the host holds
// a child process to the same ones.
#pragma once

#include <backplane/abi.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "exchange/response.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

struct Verdict {
  bp_status status = BP_OK;  // for the plugin
  std::string text;          // for an operator, to be said after the message's name; empty: nothing is wrong

  bool ok() const { return status == BP_OK; }
};

// --- What the host functions ask before they make a message. Views, so that nothing is copied that is refused ---

// A whole answer, whose body is not in it yet.
Verdict check_answer(const exchange::Response& answer, std::string_view body);
// A streamed answer's head.
Verdict check_begin(const exchange::Response& head, bool websocket);
Verdict check_failure(const Failure& failure);
// A piece of a streamed answer, within its window.
Verdict check_piece(op::DataKind kind, std::string_view bytes);
Verdict check_close(std::int32_t code, std::string_view reason);
Verdict check_item(std::string_view bytes, std::string_view id);
// Each text short, and UTF-8 if it stands in messages of text.
Verdict check_framing(const feed::Framing& framing);
Verdict check_metric_name(std::string_view name);

// Status 200 to 599 (101 for a WebSocket's), names and values that may stand in a head, within kHeadersMax and
// kAnswerHeadBytesMax.
bool valid_answer_head(const exchange::Response& head, bool websocket);
// kvmd's exception classes: at most 64 letters, digits and '_'. Empty is none.
bool valid_error_class(std::string_view name);
// RFC 6455 §7.4: a code that may stand in a close frame; 0 is none.
bool valid_close_code(std::int32_t code);

// --- What the host asks of a message from a plugin's process ---

// Lengths, characters and ranges, not whether it fits the state of its operation. The text begins with the message's
// name: "kFail has an error class that is no name".
Verdict check(const Message& message);

}  // namespace backplane::link
