// Walks over the kept lines of the daemon's own log as JournalReader does over a journal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "log-stream/entry_reader.hpp"
#include "log-stream/grep.hpp"
#include "log-stream/host_log.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/query.hpp"

namespace backplane::log_stream {

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
