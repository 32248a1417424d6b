// Copies the entry at which a journal stands.
#pragma once

#include <systemd/sd-journal.h>

#include <string>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

// False where nothing of it can be read. A longer value than kFieldBytesMax is cut and ends with "[…]"; so do those
// that would make the entry longer than kEntryBytesMax.
bool read_entry(sd_journal* journal, Fields fields, Entry& entry);

// The place of the entry at which the journal stands; empty where it stands at none.
std::string cursor_of(sd_journal* journal);

}  // namespace backplane::log_stream
