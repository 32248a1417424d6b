#include "log-stream/host_log.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "log-stream/grep.hpp"
#include "log-stream/host_log_reader.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kCursorBegin = "h=";  // none that a journal would take for its own

std::string cursor_of(std::uint64_t place) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, place, 16).ptr;
  return std::string(kCursorBegin) + std::string(digits, end);
}

std::optional<std::uint64_t> place_of(std::string_view cursor) {
  if (!cursor.starts_with(kCursorBegin)) return std::nullopt;
  cursor.remove_prefix(kCursorBegin.size());
  std::uint64_t place = 0;
  const auto [stop, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), place, 16);
  if (error != std::errc() || stop != cursor.data() + cursor.size()) return std::nullopt;
  return place;
}

}  // namespace

HostLog::HostLog(std::string host_name, std::string boot_id)
    : host_name_(std::move(host_name)), boot_id_(std::move(boot_id)) {}

void HostLog::add(std::string_view item) {
  rapidjson::Document json;
  json.Parse(item.data(), item.size());
  if (json.HasParseError() || !json.IsObject()) return;
  const auto time = json.FindMember("time_us");
  const auto priority = json.FindMember("priority");
  const auto text = json.FindMember("text");
  if (time == json.MemberEnd() || !time->value.IsUint64() || text == json.MemberEnd() || !text->value.IsString()) {
    return;
  }
  const bool has_priority = priority != json.MemberEnd() && priority->value.IsInt();
  last_place_ = std::max(time->value.GetUint64(), last_place_ + 1);
  lines_.push_back({last_place_, time->value.GetUint64(), has_priority ? priority->value.GetInt() & 7 : 6,
                    std::string(text->value.GetString(), text->value.GetStringLength())});
  bytes_ += lines_.back().text.size();
  while (lines_.size() > kHostLogLinesMax || bytes_ > kHostLogBytesMax) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
  }
}

void HostLog::clear() {
  lines_.clear();
  bytes_ = 0;
}

std::variant<std::unique_ptr<EntryReader>, Problem> HostLog::open(const Query& query, const Masks* masks) const {
  std::optional<Grep> grep;
  if (!query.grep.empty()) {
    auto compiled = Grep::compile(query.grep);
    if (auto* problem = std::get_if<Problem>(&compiled)) return std::move(*problem);
    grep = std::get<Grep>(std::move(compiled));
  }
  const auto place = query.cursor.empty() ? 0 : place_of(query.cursor);
  if (!place) {
    return Problem{Problem::Cause::kRequest,
                   "the cursor " + quoted(query.cursor) +
                       " is none of the daemon's own log, which stands in for a journal; take one from an entry's "
                       "__CURSOR"};
  }
  return std::make_unique<HostLogReader>(*this, query, *place, std::move(grep), masks);
}

const HostLog::Line* HostLog::at_or_behind(std::uint64_t place) const {
  const auto at =
      std::partition_point(lines_.begin(), lines_.end(), [&](const Line& line) { return line.place < place; });
  return at == lines_.end() ? nullptr : &*at;
}

const HostLog::Line* HostLog::before(std::uint64_t place) const {
  const auto at =
      std::partition_point(lines_.begin(), lines_.end(), [&](const Line& line) { return line.place < place; });
  return at == lines_.begin() ? nullptr : &*std::prev(at);
}

void HostLog::read(const Line& line, Entry& entry) const {
  entry.clear();
  entry.realtime_us = line.time_us;
  entry.monotonic_us = line.time_us;
  entry.boot_id = boot_id_;
  entry.cursor = cursor_of(line.place);
  entry.add("PRIORITY", std::string_view("01234567").substr(static_cast<std::size_t>(line.priority), 1));
  entry.add("MESSAGE", line.text);
  entry.add("SYSLOG_IDENTIFIER", "backplaned");
  entry.add("_SYSTEMD_UNIT", "backplaned.service");
  entry.add("_HOSTNAME", host_name_);
  entry.add("_BOOT_ID", boot_id_);
}

}  // namespace backplane::log_stream
