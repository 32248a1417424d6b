// systemd's journal export format (https://systemd.io/JOURNAL_EXPORT_FORMATS/), which carries any bytes.
#pragma once

#include <string>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

// A line for each field and an empty line at the end. A value that is no text of one line stands with its length, as
// 64 bits with the lowest byte first. Fields whose name journald would not take are left out: none can forge another.
void append_export(const Entry& entry, std::string& out);

}  // namespace backplane::log_stream
