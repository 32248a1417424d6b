// systemd's journal export format (https://systemd.io/JOURNAL_EXPORT_FORMATS/), which carries any bytes.
#pragma once

#include <string>
#include <string_view>

#include "log-stream/entry.hpp"
#include "log-stream/formats/json_format.hpp"
#include "log-stream/formats/text_formats.hpp"

namespace backplane::log_stream {

// A line for each field and an empty line at the end. A value that is no text of one line stands with its length, as
// 64 bits with the lowest byte first. Fields whose name journald would not take are left out: none can forge another.
void append_export(const Entry& entry, std::string& out);

// Writes entries in the forms that clients know.

enum class Format {
  kShort,   // "Nov 22 18:41:05 host cgminer[231]: text" and LF, as journalctl -o short
  kKvmd,    // "[2026-11-22 18:36:19 unit.service] --- text" and CRLF (pikvm.md §6)
  kJson,    // one object a line, as journalctl -o json
  kEvents,  // the same as server-sent events: "data: {…}" and an empty line
  kExport,  // systemd's journal export format
};

std::string_view content_type(Format format);
Fields fields_of(Format format);

class Formatter {
 public:
  explicit Formatter(Format format);

  // Appends the entry in its whole form, line end included. Text forms escape control characters and what turns the
  // direction of writing, so that an entry cannot look like another; JSON is always valid, whatever bytes came.
  // kShort writes nothing for an entry without MESSAGE, as journalctl does; kKvmd takes it for an empty one.
  void append(const Entry& entry, std::string& out);

 private:
  Format format_;
  LocalTime local_time_;
  JsonFormat json_;
};

}  // namespace backplane::log_stream
