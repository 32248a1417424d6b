// The daemon's own log, for a machine without a journal: keeps the newest lines that the feed "host/log" brings, as
// entries that look like a journal's. Plugin's thread only.
#pragma once

#include <backplane/result.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "log-stream/entry.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/query/entry_filter.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

class HostLog {
 public:
  HostLog(std::string host_name, std::string boot_id);

  // An item of the feed; one that is none is left out.
  void add(std::string_view item);
  void clear();

  // A cursor means the same line also in another life of the plugin, to which the host sends its kept lines again, and
  // before they have come. The log must outlive the reader; so must the masks, which may be null.
  sdk::Result<std::unique_ptr<EntryReader>> open(const Query& query, const Masks* masks) const;

  struct Line {
    std::uint64_t place = 0;  // its time, or a little more where others came at that time: no two have the same
    std::uint64_t time_us = 0;
    int priority = 6;
    std::string text;
  };
  // The first line at or behind a place, and the last one before it; null: there is none.
  const Line* at_or_behind(std::uint64_t place) const;
  const Line* before(std::uint64_t place) const;
  void read(const Line& line, Entry& entry) const;

 private:
  const std::string host_name_;
  const std::string boot_id_;
  std::deque<Line> lines_;
  std::uint64_t last_place_ = 0;
  std::size_t bytes_ = 0;
};

// Walks over the kept lines of the daemon's own log as JournalReader does over a journal.
class HostLogReader final : public EntryReader {
 public:
  // `place` is where the query's cursor points; without one it counts for nothing.
  HostLogReader(const HostLog& log, const Query& query, std::uint64_t place, std::optional<Grep> grep,
                const Masks* masks);

  Step next(Entry& entry) override;
  const std::string& problem() const override { return problem_; }
  int descriptor() override { return -1; }
  void on_ready() override {}

 private:
  Step go_back(Entry& entry);
  Step go_on(Entry& entry);
  // Whether the line passes; then `entry` holds it.
  bool take(const HostLog::Line& line, Entry& entry);
  bool passes(const Entry& entry) const;
  bool passes_matches(const Entry& entry) const;
  Step give(const HostLog::Line& line);

  const HostLog& log_;
  Query query_;
  const std::optional<Grep> grep_;
  const Masks* masks_;
  std::uint64_t place_;                         // of the line to look at next, or of one behind it
  std::uint64_t back_left_ = 0;                 // lines to go back over before the first one is given
  std::uint64_t skip_left_ = 0;                 // lines to leave out before the first one is given
  std::optional<std::uint64_t> last_left_out_;  // its place
  std::uint64_t given_ = 0;
  std::size_t searched_ = 0;  // bytes, in this slice
  const std::string problem_;
};

}  // namespace backplane::log_stream
