// Reads the journal's entries that a query asks for, one by one.
#pragma once

#include <systemd/sd-journal.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "log-stream/entry.hpp"
#include "log-stream/journal/journal.hpp"
#include "log-stream/journal/journal_matches.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

// Copies the entry at which a journal stands.

// False where nothing of it can be read. A longer value than kFieldBytesMax is cut and ends with "[…]"; so do those
// that would make the entry longer than kEntryBytesMax.
bool read_entry(sd_journal* journal, Fields fields, Entry& entry);

// The place of the entry at which the journal stands; empty where it stands at none.
std::string cursor_of(sd_journal* journal);

// Reads the entries of a systemd journal that a query asks for, as systemd-journal-gatewayd walks over them.

// The place to begin: with a cursor its entry, or the nearest to it where that is gone, and `skip` entries on or back
// from there. Without one the oldest entry and `skip` on, or, where it is negative, that many before the end: -2 begins
// at the last but one. Where there are fewer entries than `skip`, the last of them in that direction. since_us and
// until_us hold in any case, and the first entry after until_us ends the walk.
//
// An entry that is damaged is left out; a file that is damaged is left out from there on.
class JournalReader final : public EntryReader {
 public:
  // With masks, what they find is hidden in what next() gives, and no query can find it. They must outlive the reader.
  static sdk::Result<std::unique_ptr<JournalReader>> open(const JournalPlace& place, const Query& query, Fields fields,
                                                          const Masks* masks);

  Step next(Entry& entry) override;
  const std::string& problem() const override { return problem_; }
  // -1 unless the query follows.
  int descriptor() override { return descriptor_; }
  void on_ready() override;

 private:
  enum class Moved { kYes, kNo, kFailed };
  enum class Time { kBefore, kWithin, kAfter, kUnreadable };
  // What one call of next() may still look at.
  struct Slice {
    std::size_t entries = 0;
    std::size_t bytes = 0;
    bool spent() const;
  };

  JournalReader(Journal journal, const Query& query, Fields fields, const Masks* masks);
  std::optional<sdk::Failure> prepare();
  int seek_start();
  int seek_oldest();
  int seek_newest();

  // One move; nothing where the walk goes on.
  std::optional<Step> go_back(Entry& entry, Slice& slice);
  std::optional<Step> go_on(Entry& entry, Slice& slice);
  // There are fewer entries than to go back over, or to leave out: what is given first is the last of them.
  std::optional<Step> begin_at_oldest();
  std::optional<Step> begin_at_newest();
  Moved move(bool forward);
  Time time_of_entry();
  bool take(Entry& entry, Slice& slice, bool wanted);
  Step give(Entry& entry);
  Step finish();
  Step fail(const sdk::Failure& problem);

  Journal journal_;
  Query query_;
  Fields fields_;
  const Masks* masks_;
  Selection selection_;
  int descriptor_ = -1;

  std::uint64_t back_left_ = 0;  // entries to go back over before the first one is given
  std::uint64_t skip_left_ = 0;  // entries to leave out before the first one is given
  bool skipped_any_ = false;
  std::uint64_t given_ = 0;
  int unreadable_in_a_row_ = 0;
  bool finished_ = false;
  std::string problem_;
};

}  // namespace backplane::log_stream
