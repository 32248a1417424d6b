#include "log-stream/journal.hpp"

#include <cstdint>
#include <cstring>

#include "log-stream/journal_absence.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {

Problem journal_problem(const std::string& what, int error) {
  return {Problem::Cause::kJournal, what + ": " + std::strerror(error < 0 ? -error : error)};
}

std::variant<Journal, Problem> open_journal(const JournalPlace& place) {
  sd_journal* opened = nullptr;
  const bool local = place.directory.empty();
  const int result = local ? sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY)
                           : sd_journal_open_directory(&opened, place.directory.c_str(), 0);
  Journal journal(opened);
  // Opening succeeds without a single file, and passes over files that it may not read: their size tells.
  std::uint64_t bytes = 0;
  if (result < 0 || sd_journal_get_usage(journal.get(), &bytes) < 0 || bytes == 0) {
    if (result == -EMFILE || result == -ENFILE || result == -ENOMEM) {
      return journal_problem("the journal cannot be opened", result);
    }
    return Problem{Problem::Cause::kJournal,
                   why_nothing_is_readable(local ? system_journal_directories() : std::vector{place.directory})};
  }
  // The name counts, too: a value that is longer than allowed must still be seen to be.
  sd_journal_set_data_threshold(journal.get(), kFieldBytesMax + kFieldNameBytesMax + 2);
  return journal;
}

}  // namespace backplane::log_stream
