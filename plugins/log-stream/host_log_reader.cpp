#include "log-stream/host_log_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/unit_rules.hpp"

namespace backplane::log_stream {

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
