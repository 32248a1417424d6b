// A real journal file, made by systemd's own tool out of the export format, and what journalctl reads in it.
#pragma once

#include <string>

#include "support/journal_files.hpp"

namespace backplane::log_stream {

class MadeJournal {
 public:
  explicit MadeJournal(const std::string& exported);

  // What `journalctl -o <format>` prints, with the time zone of this process; options may follow the format.
  std::string read(const std::string& format) const;

 private:
  support::JournalFiles files_;
};

}  // namespace backplane::log_stream
