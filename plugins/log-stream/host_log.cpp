#include "log-stream/host_log.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/query/entry_filter.hpp"
#include "log-stream/query/unit_rules.hpp"
#include "log-stream/text.hpp"

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

sdk::Result<std::unique_ptr<EntryReader>> HostLog::open(const Query& query, const Masks* masks) const {
  std::optional<Grep> grep;
  if (!query.grep.empty()) {
    auto compiled = Grep::compile(query.grep);
    if (!compiled) return std::move(compiled).failure();
    grep = *std::move(compiled);
  }
  const auto place = query.cursor.empty() ? 0 : place_of(query.cursor);
  if (!place) {
    return sdk::Failure{400,
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

HostLogReader::HostLogReader(const HostLog& log, const Query& query, std::uint64_t place, std::optional<Grep> grep,
                             const Masks* masks)
    : log_(log), query_(query), grep_(std::move(grep)), masks_(masks), place_(place) {
  if (query_.cursor.empty()) place_ = query_.skip < 0 ? std::numeric_limits<std::uint64_t>::max() : 0;
  if (query_.discrete) query_.count = 1;
  // Two's complement, so that the lowest number has its magnitude, too.
  if (query_.skip < 0) back_left_ = 0 - static_cast<std::uint64_t>(query_.skip);
  if (query_.skip > 0) skip_left_ = static_cast<std::uint64_t>(query_.skip);
}

EntryReader::Step HostLogReader::next(Entry& entry) {
  searched_ = 0;
  if (query_.count && given_ >= *query_.count) return Step::kFinished;
  return back_left_ > 0 ? go_back(entry) : go_on(entry);
}

// Counts those that pass, for it is those that `skip` means.
EntryReader::Step HostLogReader::go_back(Entry& entry) {
  const HostLog::Line* oldest = nullptr;  // that was looked at
  while (back_left_ > 0) {
    if (searched_ >= kSearchedPerSlice) return Step::kPause;
    const HostLog::Line* const line = log_.before(place_);
    if (line == nullptr) break;
    oldest = line;
    place_ = line->place;
    if (take(*line, entry)) --back_left_;
  }
  back_left_ = 0;
  if (oldest == nullptr && log_.at_or_behind(place_) == nullptr) place_ = 0;  // all that comes is behind
  return go_on(entry);
}

EntryReader::Step HostLogReader::go_on(Entry& entry) {
  while (const HostLog::Line* const line = log_.at_or_behind(place_)) {
    if (searched_ >= kSearchedPerSlice) return Step::kPause;
    if (query_.until_us && line->time_us > *query_.until_us) return Step::kFinished;
    place_ = line->place + 1;
    if (!take(*line, entry)) continue;
    if (skip_left_ == 0) return give(*line);
    --skip_left_;
    last_left_out_ = line->place;
  }
  if (skip_left_ > 0 && last_left_out_) {  // there are fewer: the last of them, as in a journal
    skip_left_ = 0;
    const HostLog::Line* const line = log_.at_or_behind(*last_left_out_);
    if (line != nullptr && take(*line, entry)) return give(*line);
  }
  return query_.discrete ? Step::kFinished : Step::kEnd;
}

EntryReader::Step HostLogReader::give(const HostLog::Line& line) {
  place_ = line.place + 1;
  ++given_;
  return Step::kEntry;
}

bool HostLogReader::take(const HostLog::Line& line, Entry& entry) {
  log_.read(line, entry);
  if (masks_ != nullptr) masks_->apply(entry);
  if (grep_) searched_ += line.text.size();
  return passes(entry);
}

bool HostLogReader::passes(const Entry& entry) const {
  if (query_.since_us && entry.realtime_us < *query_.since_us) return false;
  if (query_.until_us && entry.realtime_us > *query_.until_us) return false;
  if (!query_.boot_id.empty() && query_.boot_id != entry.boot_id) return false;
  if (query_.discrete && query_.cursor != entry.cursor) return false;
  if (query_.level && entry.find("PRIORITY").front() - '0' > *query_.level) return false;
  if (!query_.units.empty() && !is_one_of_units(entry.find("_SYSTEMD_UNIT"), query_.units)) return false;
  return passes_matches(entry) && (!grep_ || grep_->finds(entry.find("MESSAGE")));
}

// Of one field any value may match, and of each field one must.
bool HostLogReader::passes_matches(const Entry& entry) const {
  return std::all_of(query_.matches.begin(), query_.matches.end(), [&](const FieldMatch& match) {
    return std::any_of(query_.matches.begin(), query_.matches.end(), [&](const FieldMatch& other) {
      return other.name == match.name && entry.find(other.name) == other.value;
    });
  });
}

}  // namespace backplane::log_stream
