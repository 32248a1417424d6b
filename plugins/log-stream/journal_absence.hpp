// Finds out why no file of a journal can be read: libsystemd opens such a journal without a word.
#pragma once

#include <string>
#include <vector>

namespace backplane::log_stream {

// Where systemd-journald keeps the files of the machine itself.
const std::vector<std::string>& system_journal_directories();

// The reason and the remedy, for a journal whose files would be in these directories or one level below them.
std::string why_nothing_is_readable(const std::vector<std::string>& directories);

}  // namespace backplane::log_stream
