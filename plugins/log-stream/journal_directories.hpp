// Tells the directories of a journal apart, so that one that was replaced is noticed: libsystemd goes on with files
// that nobody writes to any more.
#pragma once

#include <sys/types.h>

#include <vector>

#include "log-stream/journal.hpp"

namespace backplane::log_stream {

struct Directory {
  dev_t device = 0;
  ino_t number = 0;
  bool operator==(const Directory&) const = default;
};

// Those that there are, and of the machine's own journal those of its machines.
std::vector<Directory> journal_directories(const JournalPlace& place);

}  // namespace backplane::log_stream
