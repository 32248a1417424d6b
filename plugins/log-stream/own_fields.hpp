// What JSON and the export format say of an entry beside its fields, under the names that systemd gives it.
#pragma once

#include <charconv>
#include <string_view>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

// Calls append(name, value) for the entry's place, times and boot, in systemd's order.
template <class Append>
void for_own_fields(const Entry& entry, Append append) {
  char digits[20];  // the longest 64-bit number
  const auto number = [&digits](std::uint64_t value) {
    return std::string_view(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  };
  if (!entry.cursor.empty()) append(std::string_view("__CURSOR"), std::string_view(entry.cursor));
  append(std::string_view("__REALTIME_TIMESTAMP"), number(entry.realtime_us));
  append(std::string_view("__MONOTONIC_TIMESTAMP"), number(entry.monotonic_us));
  if (!entry.boot_id.empty()) append(std::string_view("_BOOT_ID"), std::string_view(entry.boot_id));
}

// Whether a field of the entry is written: names that begin with "__" and the boot are systemd's to say.
inline bool is_shown_field(std::string_view name) {
  return is_field_name(name) && !name.starts_with("__") && name != "_BOOT_ID";
}

}  // namespace backplane::log_stream
