// An open systemd journal, closed with the object. One thread at a time.
#pragma once

#include <systemd/sd-journal.h>

#include <memory>
#include <string>
#include <variant>

#include "log-stream/problem.hpp"

namespace backplane::log_stream {

struct JournalPlace {
  std::string directory;  // empty: the journal of this machine
};

struct JournalCloser {
  void operator()(sd_journal* journal) const { sd_journal_close(journal); }
};
using Journal = std::unique_ptr<sd_journal, JournalCloser>;

// A problem, too, where there is a journal but not one file of it can be read. Fields are handed out as far as
// kFieldBytesMax and a little more.
std::variant<Journal, Problem> open_journal(const JournalPlace& place);

// "… : No such file or directory", of what libsystemd gave back.
Problem journal_problem(const std::string& what, int error);

}  // namespace backplane::log_stream
