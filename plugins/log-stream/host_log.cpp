#include "log-stream/host_log.hpp"

#include <fnmatch.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "log-stream/grep.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kUnit = "backplaned.service";

// Walks over the kept lines as JournalReader does over a journal.
class HostLogReader final : public EntryReader {
 public:
  HostLogReader(const HostLog& log, const Query& query, std::optional<Grep> grep, const Masks* masks)
      : log_(log), query_(query), grep_(std::move(grep)), masks_(masks), next_(start()) {}

  Step next(Entry& entry) override {
    if (query_.count && given_ >= *query_.count) return Step::kFinished;
    for (next_ = std::max(next_, log_.first()); next_ < log_.end();) {
      log_.read(next_++, entry);
      if (query_.until_us && entry.realtime_us > *query_.until_us) return Step::kFinished;
      if (masks_ != nullptr) masks_->apply(entry);
      if (!passes(entry)) continue;
      if (skip_left_ > 0) {
        --skip_left_;
        continue;
      }
      ++given_;
      return Step::kEntry;
    }
    return query_.discrete ? Step::kFinished : Step::kEnd;
  }
  const std::string& problem() const override { return problem_; }
  int descriptor() override { return -1; }
  void on_ready() override {}

 private:
  // Counts back over those that pass, for it is those that `skip` counts.
  std::uint64_t start() {
    std::uint64_t number = query_.cursor.empty() ? log_.first() : log_.number_of(query_.cursor);
    if (query_.discrete) query_.count = 1;
    if (query_.skip >= 0) {
      skip_left_ = static_cast<std::uint64_t>(query_.skip);
      return number;
    }
    if (query_.cursor.empty()) number = log_.end();
    Entry entry;
    for (std::uint64_t left = 0 - static_cast<std::uint64_t>(query_.skip); left > 0 && number > log_.first();) {
      log_.read(--number, entry);
      if (masks_ != nullptr) masks_->apply(entry);
      if (passes(entry)) --left;
    }
    return number;
  }

  bool passes(const Entry& entry) const {
    if (query_.since_us && entry.realtime_us < *query_.since_us) return false;
    if (!query_.boot_id.empty() && query_.boot_id != entry.boot_id) return false;
    if (query_.discrete && query_.cursor != entry.cursor) return false;
    const std::string_view priority = entry.find("PRIORITY");
    if (query_.level && !priority.empty() && priority.front() - '0' > *query_.level) return false;
    const auto is_unit = [](const std::string& unit) { return ::fnmatch(unit.c_str(), kUnit.data(), 0) == 0; };
    if (!query_.units.empty() && std::none_of(query_.units.begin(), query_.units.end(), is_unit)) return false;
    return passes_matches(entry) && (!grep_ || grep_->finds(entry.find("MESSAGE")));
  }

  // Of one field any value may match, and of each field one must.
  bool passes_matches(const Entry& entry) const {
    return std::all_of(query_.matches.begin(), query_.matches.end(), [&](const FieldMatch& match) {
      return std::any_of(query_.matches.begin(), query_.matches.end(), [&](const FieldMatch& other) {
        return other.name == match.name && entry.find(other.name) == other.value;
      });
    });
  }

  const HostLog& log_;
  Query query_;
  const std::optional<Grep> grep_;
  const Masks* masks_;
  std::uint64_t skip_left_ = 0;
  std::uint64_t given_ = 0;
  std::uint64_t next_;
  const std::string problem_;
};

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
  lines_.push_back({time->value.GetUint64(), has_priority ? priority->value.GetInt() & 7 : 6,
                    std::string(text->value.GetString(), text->value.GetStringLength())});
  bytes_ += lines_.back().text.size();
  while (lines_.size() > kHostLogLinesMax || bytes_ > kHostLogBytesMax) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
    ++first_;
  }
}

void HostLog::clear() {
  first_ += lines_.size();
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
  return std::make_unique<HostLogReader>(*this, query, std::move(grep), masks);
}

void HostLog::read(std::uint64_t number, Entry& entry) const {
  const Line& line = lines_[number - first_];
  entry.clear();
  entry.realtime_us = line.time_us;
  entry.monotonic_us = line.time_us;
  entry.boot_id = boot_id_;
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number + 1, 16).ptr;
  entry.cursor = "s=" + boot_id_ + ";i=" + std::string(digits, end);
  entry.add("PRIORITY", std::string_view("01234567").substr(static_cast<std::size_t>(line.priority), 1));
  entry.add("MESSAGE", line.text);
  entry.add("SYSLOG_IDENTIFIER", "backplaned");
  entry.add("_SYSTEMD_UNIT", kUnit);
  entry.add("_HOSTNAME", host_name_);
  entry.add("_BOOT_ID", boot_id_);
}

std::uint64_t HostLog::number_of(std::string_view cursor) const {
  const std::size_t place = cursor.find(";i=");
  std::uint64_t number = 0;
  if (place == std::string_view::npos) return end();
  const std::string_view digits = cursor.substr(place + 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return std::clamp(number == 0 ? 0 : number - 1, first(), end());
}

}  // namespace backplane::log_stream
