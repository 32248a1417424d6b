#include "log-stream/formats/text_formats.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>

#include "log-stream/formats/escape.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
// The last second of the year 9999: later ones, which only a broken clock writes, would not fit the form.
constexpr std::uint64_t kSecondMax = 253'402'214'400;
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

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

void LocalTime::write_minute(std::time_t second) {
  std::tm calendar{};
  localtime_r(&second, &calendar);
  // Counted from the local second, not from the UTC one: some zones were once not whole minutes off.
  minute_begin_ = second - calendar.tm_sec;
  int length = 0;
  if (form_ == Form::kMonthFirst) {
    length = std::snprintf(text_, sizeof text_, "%s %02d %02d:%02d:", kMonths[calendar.tm_mon], calendar.tm_mday,
                           calendar.tm_hour, calendar.tm_min);
  } else {
    length = std::snprintf(text_, sizeof text_, "%04d-%02d-%02d %02d:%02d:", calendar.tm_year + 1900,
                           calendar.tm_mon + 1, calendar.tm_mday, calendar.tm_hour, calendar.tm_min);
  }
  second_at_ = static_cast<std::size_t>(length);
}

std::string_view LocalTime::text(std::uint64_t realtime_us) {
  const auto second = static_cast<std::time_t>(std::min(realtime_us / kMicrosecondsPerSecond, kSecondMax));
  const bool same_minute = minute_begin_ >= 0 && second >= minute_begin_ && second - minute_begin_ < 60;
  if (!same_minute) write_minute(second);
  const auto shown = static_cast<int>(second - minute_begin_);
  text_[second_at_] = static_cast<char>('0' + shown / 10);
  text_[second_at_ + 1] = static_cast<char>('0' + shown % 10);
  return {text_, second_at_ + 2};
}

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
