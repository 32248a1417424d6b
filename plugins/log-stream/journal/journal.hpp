// Opens a journal, says why there is none, and notices that it was replaced.
#pragma once

#include <sys/types.h>
#include <systemd/sd-journal.h>

#include <backplane/result.hpp>
#include <memory>
#include <string>
#include <vector>

namespace backplane::log_stream {

// Finds out why no file of a journal can be read: libsystemd opens such a journal without a word.

// Where systemd-journald keeps the files of the machine itself.
const std::vector<std::string>& system_journal_directories();

// The reason and the remedy, for a journal whose files would be in these directories or one level below them.
std::string why_nothing_is_readable(const std::vector<std::string>& directories);

// An open systemd journal, closed with the object. One thread at a time.
struct JournalPlace {
  std::string directory;  // empty: the journal of this machine
};

struct JournalCloser {
  void operator()(sd_journal* journal) const { sd_journal_close(journal); }
};
using Journal = std::unique_ptr<sd_journal, JournalCloser>;

// A problem, too, where there is a journal but not one file of it can be read. Fields are handed out as far as
// kFieldBytesMax and a little more.
sdk::Result<Journal> open_journal(const JournalPlace& place);

// "… : No such file or directory", of what libsystemd gave back.
sdk::Failure journal_problem(const std::string& what, int error);

// Tells the directories of a journal apart, so that one that was replaced is noticed: libsystemd goes on with files
// that nobody writes to any more.
struct Directory {
  dev_t device = 0;
  ino_t number = 0;
  bool operator==(const Directory&) const = default;
};

// Those that there are, and of the machine's own journal those of its machines.
std::vector<Directory> journal_directories(const JournalPlace& place);

}  // namespace backplane::log_stream
