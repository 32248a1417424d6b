// What a plugin may say, whichever way it comes: the host functions answer BP_E_… by these rules, and the host holds a
// child process to the same ones.
#pragma once

#include <string>
#include <string_view>

#include "exchange/response.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

// Status 200 to 599 (101 for a WebSocket's), names and values that may stand in a head, within kHeadersMax and
// kAnswerHeadBytesMax.
bool valid_answer_head(const exchange::Response& head, bool websocket);
// kvmd's exception classes: at most 64 letters, digits and '_'. Empty is none.
bool valid_error_class(std::string_view name);
// RFC 6455 §7.4: a code that may stand in a close frame; 0 is none.
bool valid_close_code(std::int32_t code);

// Each text within kFramingBytesMax.
bool framing_fits(const feed::Framing& framing);
// UTF-8 where it stands in messages of text.
bool valid_framing(const feed::Framing& framing);

// What is wrong with a message from a plugin's process, in words for an operator; empty: nothing. Lengths, characters
// and ranges, not whether it fits the state of its operation.
std::string wrong_with(const Message& message);

}  // namespace backplane::link
