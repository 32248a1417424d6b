// Bounds of feeds, each with a word on why that number.
#pragma once

#include <cstddef>

namespace backplane::feed::limits {

inline constexpr std::size_t kFeedDepthDefault = 256;         // a second or two of what a busy writer says
inline constexpr std::size_t kFeedDepthMax = 8192;            // items kept for slow readers
inline constexpr std::size_t kFeedBytesMax = 1024 * 1024;     // the same in bytes: all readers share them
inline constexpr std::size_t kFeedItemBytesMax = 128 * 1024;  // with its framing it fits a WebSocket's message
inline constexpr std::size_t kFeedItemIdBytesMax = 512;       // a journal's cursor has about 150
inline constexpr std::size_t kFramingBytesMax = 256;          // of one text around the items
inline constexpr std::size_t kLogFeedLines = 500;  // of the daemon's own log, kept, and as many on their way to be
inline constexpr std::size_t kLogFeedTextBytesMax = 8 * 1024;  // of one of them; a plugin's has kLogTextBytesMax

}  // namespace backplane::feed::limits
