// What a request asks of the log: where to begin, which entries, how many, and whether to wait for more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace backplane::log_stream {

struct FieldMatch {
  std::string name;   // A-Z, 0-9 and '_'; a valid journal field
  std::string value;  // any bytes; matched whole
};

struct Query {
  // The place to begin at. Without a cursor it is the oldest entry, or the newest where `skip` is negative.
  std::string cursor;
  std::int64_t skip = 0;               // entries to go on, or back where negative, from there
  std::optional<std::uint64_t> count;  // no more than so many, then the answer ends

  std::optional<std::uint64_t> since_us;  // realtime, inclusive
  std::optional<std::uint64_t> until_us;  // realtime, inclusive

  std::string boot_id;              // 32 hex digits; empty: all boots
  std::vector<FieldMatch> matches;  // different fields must all match, of the same field any (journalctl's rule)
  std::optional<int> level;         // PRIORITY of that number or below; entries without one count as 6
  std::vector<std::string> units;   // any of these; "*", "?" and "[…]" as in a shell. Empty: all
  bool written_by_units = false;    // of `units`: what those wrote that have written so far, not what systemd says
  std::string grep;  // RE2 syntax, found anywhere in MESSAGE; ignores case where it has no capital letter

  bool follow = false;
  bool discrete = false;  // the entry at the cursor alone, and nothing where it is gone
};

}  // namespace backplane::log_stream
