// Feeds: publish items that many read, hand a client over to one, read another's (ext/feed.h).
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/http.h>

#include <backplane/fields.hpp>
#include <backplane/operation.hpp>
#include <cstdint>
#include <string_view>

namespace backplane::sdk {

// What stands around the items that one client gets. The texts must outlive the call of attach only.
struct Framing {
  DataKind kind = DataKind::kBytes;
  std::string_view prefix = {};
  std::string_view suffix = {};
  std::string_view lost = {};  // in place of lost items, "{count}" is their number; empty: the client is not told
};

struct FeedItem {
  std::string_view bytes;
  std::string_view id = {};  // the plugin's own name for the place after it
};

inline bp_feed_item to_abi(const FeedItem& item) {
  bp_feed_item seen{};
  seen.size = sizeof seen;
  seen.bytes = bytes(item.bytes);
  seen.id = bytes(item.id);
  return seen;
}

inline bp_framing to_abi(const Framing& framing) {
  bp_framing seen{};
  seen.size = sizeof seen;
  seen.kind = static_cast<std::int32_t>(framing.kind);
  seen.prefix = bytes(framing.prefix);
  seen.suffix = bytes(framing.suffix);
  seen.lost = bytes(framing.lost);
  return seen;
}

}  // namespace backplane::sdk
