// A WebSocket client that sends the frames it is told to and shows those that come (RFC 6455).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "support/client.hpp"

namespace backplane::support {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

struct Frame {
  Opcode opcode;
  bool last;
  std::string payload;

  // Of a close frame; 0 where it has none.
  unsigned close_code() const {
    return payload.size() < 2 ? 0 : static_cast<unsigned>(byte(0)) << 8 | static_cast<unsigned>(byte(1));
  }

 private:
  std::uint8_t byte(std::size_t i) const { return static_cast<std::uint8_t>(payload[i]); }
};

class WebSocketClient {
 public:
  static Headers upgrade(Headers with = {}) {
    with.insert(with.end(), {{"Connection", "Upgrade"},
                             {"Upgrade", "websocket"},
                             {"Sec-WebSocket-Version", "13"},
                             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
    return with;
  }

  // Asks for the upgrade; answer() says what came of it.
  WebSocketClient(Client connection, const std::string& target, const Headers& headers)
      : connection_(std::move(connection)), answer_(connection_.get(target, upgrade(headers))) {}

  const Reply& answer() const { return answer_; }

  bool send(Opcode opcode, std::string_view payload, bool last = true, bool masked = true) {
    constexpr char kMask[] = {0x12, 0x34, 0x56, 0x78};
    std::string frame(1, static_cast<char>((last ? 0x80 : 0) | static_cast<int>(opcode)));
    const int mask_bit = masked ? 0x80 : 0;
    if (payload.size() < 126) {
      frame += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
    } else {
      const bool is_long = payload.size() > 0xffff;
      frame += static_cast<char>(mask_bit | (is_long ? 127 : 126));
      for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8) frame += static_cast<char>(payload.size() >> shift);
    }
    if (masked) frame.append(kMask, sizeof kMask);
    for (std::size_t i = 0; i < payload.size(); ++i) {
      frame += masked ? static_cast<char>(payload[i] ^ kMask[i % sizeof kMask]) : payload[i];
    }
    return connection_.send(frame);
  }
  bool send_close(unsigned code) {
    const char payload[] = {static_cast<char>(code >> 8), static_cast<char>(code)};
    return send(Opcode::kClose, {payload, sizeof payload});
  }

  // The next frame; nothing where the connection ended first.
  std::optional<Frame> receive() {
    if (!fill(2)) return std::nullopt;
    const auto first = static_cast<std::uint8_t>(buffer_[0]);
    std::uint64_t size = static_cast<std::uint8_t>(buffer_[1]) & 0x7f;
    const std::size_t size_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (!fill(2 + size_bytes)) return std::nullopt;
    if (size_bytes != 0) size = 0;
    for (std::size_t i = 0; i < size_bytes; ++i) size = size << 8 | static_cast<std::uint8_t>(buffer_[2 + i]);
    const std::size_t start = 2 + size_bytes;
    if (!fill(start + size)) return std::nullopt;
    Frame frame{static_cast<Opcode>(first & 0x0f), (first & 0x80) != 0, buffer_.substr(start, size)};
    buffer_.erase(0, start + size);
    return frame;
  }

  // The code of the close frame that comes next but for messages; 0 where the connection ended without one.
  unsigned closed_with() {
    while (const auto frame = receive()) {
      if (frame->opcode == Opcode::kClose) return frame->close_code();
    }
    return 0;
  }

  Client& connection() { return connection_; }

 private:
  bool fill(std::size_t bytes) {
    while (buffer_.size() < bytes) {
      const std::string more = connection_.read_some();
      if (more.empty()) return false;
      buffer_ += more;
    }
    return true;
  }

  Client connection_;
  Reply answer_;
  std::string buffer_;
};

}  // namespace backplane::support
