// The forms that people read: a line for an entry, more where its message has more.
#pragma once

#include <string>

#include "log-stream/entry.hpp"
#include "log-stream/local_time.hpp"

namespace backplane::log_stream {

// "Nov 22 18:41:05 host cgminer[231]: text" and LF; `time` has the month first. As journalctl -o short but for what it
// hides: it replaces a message that is not printable by its length, and colours by nothing; here both are escaped.
// Further lines of a message are indented below the first. Nothing for an entry without MESSAGE.
void append_short(const Entry& entry, LocalTime& time, std::string& out);

// "[2026-11-22 18:36:19 kvmd.service] --- text" and CRLF (pikvm.md §6); `time` has the year first. Whitespace at the
// message's end is left out; its own lines end with LF alone, so that CRLF is always the end of an entry.
void append_kvmd(const Entry& entry, LocalTime& time, std::string& out);

}  // namespace backplane::log_stream
