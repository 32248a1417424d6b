#include "log-stream/export_format.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "log-stream/own_fields.hpp"
#include "log-stream/utf8.hpp"

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

}  // namespace backplane::log_stream
