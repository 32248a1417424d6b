// Bounds of operations, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::op::limits {

// --- Timers of a connection, in milliseconds (plugin-abi.md "Extensions") ---
inline constexpr std::int64_t kTickMs = 250;  // how finely deadlines are looked at

// --- Operations ---
inline constexpr std::size_t kStreamPiecesMax = 1024;          // queued pieces of one stream, however small
inline constexpr std::size_t kStreamWindowBytes = 256 * 1024;  // credit of one byte stream in one direction
inline constexpr std::size_t kWebSocketMessageBytesMax = kStreamWindowBytes;  // a message must fit the window

}  // namespace backplane::op::limits
