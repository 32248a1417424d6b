// How messages look between the daemon and a plugin's process: little-endian frames {length, code, flags, id, payload}.
// Both sides speak it with this code, but what comes from the plugin's side is a stranger's: decoding checks every
// length, and only shape is checked here, not whether the values make sense (see message_rules.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

inline constexpr std::uint32_t kWireVersion = 2;

inline constexpr std::size_t kFrameHeadBytes = 16;
// The payload is not in the stream: it is all of the sealed memory whose descriptor came with the frame.
inline constexpr std::uint16_t kFrameShared = 1;

struct FrameHead {
  std::uint32_t length = 0;  // of the payload, wherever it is
  std::uint16_t code = 0;
  std::uint16_t flags = 0;
  std::uint64_t id = 0;
};

void write_frame_head(const FrameHead& head, std::string& out);
// `bytes` holds kFrameHeadBytes or more.
FrameHead read_frame_head(std::string_view bytes);

// Whether this version knows the code. Frames with others are counted and passed over.
bool is_wire_code(std::uint16_t code);

// Appends the payload of a message. A request is written without its credentials (see is_credential).
void encode_payload(const Message& message, std::string& out);
// The message in a frame; a Problem says what is wrong with it. Bytes that are left over are an error.
base::Checked<Message> decode_payload(Code code, std::uint64_t id, std::string_view payload);

}  // namespace backplane::link
