#include "log-stream/formats/json_format.hpp"

#include <algorithm>
#include <bitset>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "log-stream/entry.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

void append_bytes(std::string_view value, std::string& out) {
  char digits[3];
  out += '[';
  for (const char byte : value) {
    if (out.back() != '[') out += ',';
    out.append(digits, std::to_chars(digits, digits + sizeof digits, static_cast<unsigned char>(byte)).ptr);
  }
  out += ']';
}

// `value` is text, LF allowed.
void append_text(std::string_view value, std::string& out) {
  out += '"';
  while (true) {
    const std::size_t printable = printable_bytes(value, true);
    out += value.substr(0, printable);
    value.remove_prefix(printable);
    if (value.empty()) break;
    const char byte = value.front();
    if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else {
      if (byte == '"' || byte == '\\') out += '\\';
      out += byte;
    }
    value.remove_prefix(1);
  }
  out += '"';
}

void append_value(std::string_view value, std::string& out) {
  if (is_text(value, true)) {
    append_text(value, out);
  } else {
    append_bytes(value, out);
  }
}

// With the comma before it.
void append_name(std::string_view name, std::string& out) {
  out += ",\"";
  out += name;
  out += "\":";
}

// Most fields are plain: their bytes are copied into place in one go.
void append_field(std::string_view name, std::string_view value, std::string& out) {
  if (printable_bytes(value, true) != value.size()) {
    append_name(name, out);
    append_value(value, out);
    return;
  }
  const std::size_t begin = out.size();
  out.resize(begin + name.size() + value.size() + sizeof R"(,"":"")" - 1);
  char* place = out.data() + begin;
  *place++ = ',';
  *place++ = '"';
  std::memcpy(place, name.data(), name.size());
  place += name.size();
  std::memcpy(place, "\":\"", 3);
  place += 3;
  if (!value.empty()) std::memcpy(place, value.data(), value.size());
  place[value.size()] = '"';
}

// A number that is mostly another for another name.
std::size_t bucket_of(std::string_view name) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t bytes = std::min(name.size(), sizeof head);
  if (bytes > 0) {
    std::memcpy(&head, name.data(), bytes);
    std::memcpy(&tail, name.data() + name.size() - bytes, bytes);
  }
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;  // spreads neighbouring numbers over the highest bits
  return static_cast<std::size_t>((head * kOdd + tail + name.size()) * kOdd >> 48U);
}

bool stands_before(const Entry& entry, std::size_t index, std::string_view name) {
  for (std::size_t i = 0; i < index; ++i) {
    if (entry.field(i).name == name) return true;
  }
  return false;
}

}  // namespace

bool JsonFormat::may_repeat(const Entry& entry) {
  constexpr std::size_t kFalseAlarmsMax = 8;  // then sorting is cheaper than looking again and again
  std::bitset<4096> seen;
  std::size_t false_alarms = 0;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const std::string_view name = entry.field(i).name;
    const std::size_t bucket = bucket_of(name) % seen.size();
    if (seen[bucket]) {
      if (stands_before(entry, i, name) || ++false_alarms > kFalseAlarmsMax) return true;
    }
    seen[bucket] = true;
  }
  return false;
}

void JsonFormat::sort(const Entry& entry) {
  sorted_.resize(entry.size());
  std::iota(sorted_.begin(), sorted_.end(), std::size_t{0});
  std::sort(sorted_.begin(), sorted_.end(), [&entry](std::size_t a, std::size_t b) {
    const int order = entry.field(a).name.compare(entry.field(b).name);
    return order != 0 ? order < 0 : a < b;
  });
}

void JsonFormat::append_sorted(const Entry& entry, std::string& out) const {
  for (auto group = sorted_.begin(); group != sorted_.end();) {
    const std::string_view name = entry.field(*group).name;
    const auto end =
        std::find_if(group, sorted_.end(), [&](std::size_t index) { return entry.field(index).name != name; });
    if (is_shown_field(name) && end - group == 1) {
      append_field(name, entry.field(*group).value, out);
    } else if (is_shown_field(name)) {
      append_name(name, out);
      out += '[';
      for (auto place = group; place != end; ++place) {
        if (place != group) out += ',';
        append_value(entry.field(*place).value, out);
      }
      out += ']';
    }
    group = end;
  }
}

void JsonFormat::append(const Entry& entry, std::string& out) {
  const std::size_t begin = out.size();
  for_own_fields(entry, [&out](std::string_view name, std::string_view value) { append_field(name, value, out); });
  out[begin] = '{';  // instead of the first field's comma; the times are always there
  if (may_repeat(entry)) {
    sort(entry);
    append_sorted(entry, out);
  } else {
    for (std::size_t i = 0; i < entry.size(); ++i) {
      const Field field = entry.field(i);
      if (is_shown_field(field.name)) append_field(field.name, field.value, out);
    }
  }
  out += '}';
}

}  // namespace backplane::log_stream
