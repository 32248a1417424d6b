// What an entry must be like beyond what the journal can match by itself: a unit's rules and a regular expression.
#pragma once

#include <systemd/sd-journal.h>

#include <backplane/result.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/entry.hpp"
#include "log-stream/masks.hpp"

namespace re2 {
class RE2;
}

namespace backplane::log_stream {

// A pattern that is searched for in messages: RE2, so that no pattern takes longer than the text is long.
class Grep {
 public:
  // Ignores case where the pattern has no capital letter, as journalctl --grep.
  static sdk::Result<Grep> compile(const std::string& pattern);

  Grep(Grep&&) noexcept;
  Grep& operator=(Grep&&) noexcept;
  ~Grep();

  bool finds(std::string_view text) const;

 private:
  explicit Grep(std::unique_ptr<const re2::RE2> pattern);
  std::unique_ptr<const re2::RE2> pattern_;
};

// What a query asks that matches of the journal cannot say: looked at entry by entry.

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
