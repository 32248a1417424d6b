#include "log-stream/entry.hpp"

#include <systemd/sd-id128.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

std::uint64_t now_us(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

constexpr std::string_view kKept[] = {"PRIORITY", "_HOSTNAME",  "SYSLOG_IDENTIFIER", "_COMM",
                                      "_PID",     "SYSLOG_PID", "_SYSTEMD_UNIT",     "MESSAGE"};

}  // namespace

void Entry::clear() {
  realtime_us = 0;
  monotonic_us = 0;
  boot_id.clear();
  cursor.clear();
  bytes_.clear();
  places_.clear();
}

void Entry::add(std::string_view name, std::string_view value) {
  const auto begin = static_cast<std::uint32_t>(bytes_.size());
  bytes_ += name;
  bytes_ += value;
  const auto value_begin = static_cast<std::uint32_t>(begin + name.size());
  places_.push_back({begin, value_begin, static_cast<std::uint32_t>(bytes_.size())});
}

void Entry::set_value(std::size_t index, std::string_view value) {
  const Place old = places_[index];
  bytes_.replace(old.value_begin, old.value_end - old.value_begin, value);
  // Unsigned numbers wrap around, so that adding this moves places back as well.
  const auto moved = static_cast<std::uint32_t>(old.value_begin + value.size() - old.value_end);
  places_[index].value_end += moved;
  for (std::size_t i = index + 1; i < places_.size(); ++i) {
    places_[i].name_begin += moved;
    places_[i].value_begin += moved;
    places_[i].value_end += moved;
  }
}

std::string_view Entry::find(std::string_view name) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Field found = field(i);
    if (found.name == name) return found.value;
  }
  return {};
}

namespace {

constexpr std::array<bool, 256> name_bytes() {
  std::array<bool, 256> allowed{};
  for (const char byte : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")) {
    allowed[static_cast<unsigned char>(byte)] = true;
  }
  return allowed;
}

}  // namespace

bool is_field_name(std::string_view name) {
  constexpr std::array<bool, 256> kAllowed = name_bytes();
  if (name.empty() || name.size() > kFieldNameBytesMax || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [&](char byte) { return kAllowed[static_cast<unsigned char>(byte)]; });
}

bool is_match_field(std::string_view name) {
  return is_field_name(name) && !name.starts_with("__");
}

void make_notice(std::string_view text, Entry& into) {
  into.clear();
  into.realtime_us = now_us(CLOCK_REALTIME);
  into.monotonic_us = now_us(CLOCK_MONOTONIC);
  sd_id128_t boot{};
  char boot_id[SD_ID128_STRING_MAX] = {};
  if (sd_id128_get_boot(&boot) >= 0) into.boot_id = sd_id128_to_string(boot, boot_id);
  into.add("PRIORITY", "3");
  into.add("SYSLOG_IDENTIFIER", "backplaned");
  into.add("_SYSTEMD_UNIT", "backplaned.service");
  into.add("MESSAGE", text);
  into.add("BACKPLANE_NOTICE", "1");
}

void shorten(const Entry& entry, Entry& into) {
  into.clear();
  into.realtime_us = entry.realtime_us;
  into.monotonic_us = entry.monotonic_us;
  into.boot_id = entry.boot_id;
  into.cursor = entry.cursor;
  std::array<bool, std::size(kKept)> has{};  // the first of a name only: there may be a thousand
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Field field = entry.field(i);
    const auto* kept = std::find(std::begin(kKept), std::end(kKept), field.name);
    if (kept == std::end(kKept) || std::exchange(has[static_cast<std::size_t>(kept - kKept)], true)) continue;
    into.add(field.name, sdk::beginning(field.value,
                                        field.name == "MESSAGE" ? kShortenedMessageBytesMax : kShortenedFieldBytesMax));
  }
  into.add("BACKPLANE_SHORTENED", "1");
}

}  // namespace backplane::log_stream
