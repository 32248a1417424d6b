#include "log-stream/formatter.hpp"

#include "log-stream/export_format.hpp"
#include "log-stream/text_formats.hpp"

namespace backplane::log_stream {

// The types that systemd-journal-gatewayd and kvmd send, to the letter.
std::string_view content_type(Format format) {
  switch (format) {
    case Format::kShort:
    case Format::kKvmd:
      break;
    case Format::kJson:
      return "application/json";
    case Format::kEvents:
      return "text/event-stream";
    case Format::kExport:
      return "application/vnd.fdo.journal";
  }
  return "text/plain";
}

Fields fields_of(Format format) {
  return format == Format::kShort || format == Format::kKvmd ? Fields::kText : Fields::kAll;
}

Formatter::Formatter(Format format)
    : format_(format),
      local_time_(format == Format::kKvmd ? LocalTime::Form::kYearFirst : LocalTime::Form::kMonthFirst) {}

void Formatter::append(const Entry& entry, std::string& out) {
  switch (format_) {
    case Format::kShort:
      append_short(entry, local_time_, out);
      break;
    case Format::kKvmd:
      append_kvmd(entry, local_time_, out);
      break;
    case Format::kJson:
      json_.append(entry, out);
      out += '\n';
      break;
    case Format::kEvents:
      out += "data: ";
      json_.append(entry, out);
      out += "\n\n";
      break;
    case Format::kExport:
      append_export(entry, out);
      break;
  }
}

}  // namespace backplane::log_stream
