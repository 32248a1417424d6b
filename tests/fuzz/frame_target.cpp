// Frames of a plugin's process: whatever it sends is a message or is refused, and a message has one form on the wire
// (S-23).
#include <cstring>
#include <memory>
#include <string>

#include "base/check.hpp"
#include "fuzz/targets.hpp"
#include "link/wire/codec.hpp"
#include "link/wire/message_rules.hpp"

namespace backplane::fuzz {
namespace {

using link::Code;

std::string payload_of(const link::Message& message) {
  std::string payload;
  link::encode_payload(message, payload);
  return payload;
}

void check_message(const link::Message& message, std::string_view payload) {
  const std::string written = payload_of(message);
  // A request loses its credentials when it is written.
  BP_CHECK(message.code == Code::kRequest || written == payload);
  const auto again = link::decode_payload(message.code, message.id, written);
  BP_CHECK(again && payload_of(*again) == written);
  const std::string wrong = link::check(message).text;
  BP_CHECK(link::is_from_plugin(message.code) || !wrong.empty());
  BP_CHECK(link::check(*again).text == wrong);
}

void check_payload(const link::FrameHead& head, std::string_view payload) {
  // Memory of exactly that size, so that a read beyond it is seen.
  const std::unique_ptr<char[]> copy(new char[payload.size()]);
  std::memcpy(copy.get(), payload.data(), payload.size());
  const auto read =
      link::decode_payload(static_cast<Code>(head.code), head.id, std::string_view(copy.get(), payload.size()));
  BP_CHECK(!read || link::is_wire_code(head.code));
  if (read) {
    check_message(*read, payload);
  } else {
    BP_CHECK(!read.error().text.empty());
  }
}

}  // namespace

void frame(std::string_view input) {
  while (input.size() >= link::kFrameHeadBytes) {
    const link::FrameHead head = link::read_frame_head(input);
    std::string written;
    link::write_frame_head(head, written);
    BP_CHECK(written == input.substr(0, link::kFrameHeadBytes));
    input.remove_prefix(link::kFrameHeadBytes);
    if (head.length > input.size()) {
      check_payload(head, input);  // as if the shared memory were shorter than the head says
      return;
    }
    check_payload(head, input.substr(0, head.length));
    input.remove_prefix(head.length);
  }
}

}  // namespace backplane::fuzz
