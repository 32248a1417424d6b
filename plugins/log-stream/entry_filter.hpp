// What a query asks that matches of the journal cannot say: looked at entry by entry.
#pragma once

#include <systemd/sd-journal.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "log-stream/entry.hpp"
#include "log-stream/grep.hpp"
#include "log-stream/masks.hpp"

namespace backplane::log_stream {

inline constexpr int kLevelOfNone = 6;  // informational, as syslog's readers take a line that says nothing

class EntryFilter {
 public:
  // The entries' own PRIORITY is looked at, and one that is none counts as kLevelOfNone.
  void require_level(int level) { level_ = level; }
  void require_units(std::vector<std::string> units) { units_ = std::move(units); }
  // Entries that one of these has written.
  void require_writers(std::vector<std::string> units) { writers_ = std::move(units); }
  // What the masks hide cannot be found. They must outlive the filter; may be null.
  void require_text(Grep grep, const Masks* masks) {
    grep_ = std::move(grep);
    masks_ = masks;
  }

  // Whether the entry at which the journal stands can pass, as far as that is known without reading it.
  bool passes_unread(sd_journal* journal) const;
  // Whether there is more to look at.
  bool reads() const { return level_ || grep_; }
  // Adds to `searched` the bytes that the pattern looked at.
  bool passes(const Entry& entry, std::size_t& searched) const;

 private:
  std::optional<int> level_;
  std::vector<std::string> units_;
  std::vector<std::string> writers_;
  std::optional<Grep> grep_;
  const Masks* masks_ = nullptr;
};

}  // namespace backplane::log_stream
