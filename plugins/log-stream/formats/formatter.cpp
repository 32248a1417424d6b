#include "log-stream/formats/formatter.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "log-stream/entry.hpp"
#include "log-stream/formats/text_formats.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

void append_line(std::string_view name, std::string_view value, std::string& out) {
  out += name;
  out += '=';
  out += value;
  out += '\n';
}

void append_with_length(std::string_view name, std::string_view value, std::string& out) {
  out += name;
  out += '\n';
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out += static_cast<char>(std::uint64_t{value.size()} >> shift & 0xFFU);
  }
  out += value;
  out += '\n';
}

}  // namespace

void append_export(const Entry& entry, std::string& out) {
  const auto append_field = [&out](std::string_view name, std::string_view value) {
    if (is_text(value, false)) {
      append_line(name, value, out);
    } else {
      append_with_length(name, value, out);
    }
  };
  for_own_fields(entry, append_field);
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Field field = entry.field(i);
    if (is_shown_field(field.name)) append_field(field.name, field.value);
  }
  out += '\n';
}

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
