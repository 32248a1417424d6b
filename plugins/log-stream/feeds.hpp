// The feeds of this plugin: what unfiltered followers share. One for each form of an entry, once as it is and once with
// its secrets masked.
#pragma once

#include <array>
#include <backplane/feed.hpp>
#include <cstdint>
#include <string_view>

#include "log-stream/formats/formatter.hpp"

namespace backplane::log_stream {

// In the order of `kFeedIds`, which is the manifest's.
inline constexpr std::array<const char*, 8> kFeedIds{
    "short", "short-masked", "kvmd", "kvmd-masked", "json", "json-masked", "export", "export-masked",
};
inline constexpr std::uint32_t kFeedCount = kFeedIds.size();

// Server-sent events are the JSON feed with another framing.
std::uint32_t feed_of(Format format, bool masked);
bool is_masked(std::uint32_t feed);
// Of the items, which are without the end of a line where the framing can add it.
Format format_of(std::uint32_t feed);

// Around the items for one client; `messages`: it reads by WebSocket.
sdk::Framing framing_of(Format format, bool messages);

// An entry as an item of a feed: JSON and short lines without their line end, which a WebSocket's messages lack.
void append_item(Formatter& formatter, Format format, const Entry& entry, std::string& out);

}  // namespace backplane::log_stream
