#include "log-stream/text_formats.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "log-stream/escape.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kUnknown = "unknown";

// What the text forms look at, found in one walk over the fields. Of several values the last counts, as for journalctl.
struct TextFields {
  explicit TextFields(const Entry& entry) {
    for (std::size_t i = 0; i < entry.size(); ++i) take(entry.field(i));
  }

  void take(const Field& field) {
    if (field.name == "MESSAGE") message = field.value;
    if (field.name == "_HOSTNAME") host = field.value;
    if (field.name == "SYSLOG_IDENTIFIER") identifier = field.value;
    if (field.name == "_COMM") command = field.value;
    if (field.name == "_PID") pid = field.value;
    if (field.name == "SYSLOG_PID") syslog_pid = field.value;
    if (field.name == "_SYSTEMD_UNIT") unit = field.value;
    if (field.name == "_SOURCE_REALTIME_TIMESTAMP") source_time = field.value;
  }

  std::optional<std::string_view> message;
  std::string_view host;
  std::string_view identifier;
  std::string_view command;
  std::string_view pid;
  std::string_view syslog_pid;
  std::string_view unit;
  std::string_view source_time;
};

std::string_view first_of(std::string_view a, std::string_view b) {
  return a.empty() ? b : a;
}

// When the message was written, where its sender said so, or else when journald got it; journalctl shows the same.
std::uint64_t shown_time(const Entry& entry, std::string_view source_time) {
  std::uint64_t time = 0;
  const char* end = source_time.data() + source_time.size();
  const auto [stopped, problem] = std::from_chars(source_time.data(), end, time);
  return problem == std::errc{} && stopped == end && time > 0 ? time : entry.realtime_us;
}

}  // namespace

void append_short(const Entry& entry, LocalTime& time, std::string& out) {
  const TextFields fields(entry);
  if (!fields.message) return;

  const std::size_t begin = out.size();
  out += time.text(shown_time(entry, fields.source_time));
  if (!fields.host.empty()) {
    out += ' ';
    append_escaped_word(fields.host, out);
  }
  out += ' ';
  append_escaped_word(first_of(first_of(fields.identifier, fields.command), kUnknown), out);
  if (const std::string_view pid = first_of(fields.pid, fields.syslog_pid); !pid.empty()) {
    out += '[';
    append_escaped_word(pid, out);
    out += ']';
  }
  out += ": ";
  const std::size_t indent = out.size() - begin;

  std::string_view rest = *fields.message;
  append_escaped(cut_line(rest), out);
  while (!rest.empty()) {
    out += '\n';
    out.append(indent, ' ');
    append_escaped(cut_line(rest), out);
  }
  out += '\n';
}

void append_kvmd(const Entry& entry, LocalTime& time, std::string& out) {
  const TextFields fields(entry);
  out += '[';
  out += time.text(entry.realtime_us);
  out += ' ';
  append_escaped_word(first_of(fields.unit, kUnknown), out);
  out += "] --- ";

  std::string_view rest = fields.message.value_or(std::string_view());
  rest = rest.substr(0, rest.find_last_not_of(" \t\n\v\f\r") + 1);
  append_escaped(cut_line(rest), out);
  while (!rest.empty()) {
    out += '\n';
    append_escaped(cut_line(rest), out);
  }
  out += "\r\n";
}

}  // namespace backplane::log_stream
