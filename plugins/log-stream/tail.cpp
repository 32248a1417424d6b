#include "log-stream/tail.hpp"

#include <algorithm>
#include <utility>

#include "log-stream/entry.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/query/unit_rules.hpp"

namespace backplane::log_stream {

void Tail::set_rules(std::shared_ptr<const Masks> masks, std::vector<std::string> kvmd_units) {
  masks_ = std::move(masks);
  kvmd_units_ = std::move(kvmd_units);
}

bool Tail::open() {
  if (reader_) return problem_.empty();
  Query query;
  query.follow = true;
  query.cursor = place_;
  query.skip = place_.empty() ? -1 : 0;
  auto opened = open_(query, Fields::kAll);
  if (!opened) {
    problem_ = opened.failure().text;
    if (place_.empty() || opened.failure().status != 400) return false;
    place_.clear();  // it is a place of another log
    return open();
  }
  reader_ = *std::move(opened);
  problem_.clear();
  pumped_ = place_.empty() ? Pumped::kNothing : Pumped::kMore;
  if (!place_.empty()) return true;
  // What is there already is nobody's news.
  for (auto step = reader_->next(entry_); step == EntryReader::Step::kEntry || step == EntryReader::Step::kPause;
       step = reader_->next(entry_)) {
    if (step == EntryReader::Step::kEntry) place_ = entry_.cursor;
  }
  return true;
}

bool Tail::reopen() {
  reader_.reset();
  return open();
}

void Tail::close() {
  reader_.reset();
  problem_.clear();
  waiting_.clear();
  missed_.clear();
  for (std::string& place : had_until_) place.clear();
  place_.clear();
  pumped_ = Pumped::kNothing;
}

Tail::Pumped Tail::pump() {
  pumped_ = pump_on();
  return pumped_;
}

Tail::Pumped Tail::pump_on() {
  if (!is_open()) return problem_.empty() ? Pumped::kNothing : Pumped::kFailed;
  reader_->on_ready();  // first, for the descriptor stays readable until then
  if (!send_waiting()) return Pumped::kStalled;
  for (; !missed_.empty(); missed_.pop_front()) {
    const Pumped pumped = catch_up(missed_.front());
    if (pumped != Pumped::kAll) return pumped;
  }
  return read_on();
}

Tail::Pumped Tail::read_on() {
  bool moved = false;
  for (std::size_t i = 0; i < kTailEntriesPerSlice; ++i) {
    switch (reader_->next(entry_)) {
      case EntryReader::Step::kEntry:
        moved = true;
        if (entry_.cursor == place_) break;  // it begins again where it was
        place_ = entry_.cursor;
        publish(entry_);
        if (!waiting_.empty()) return Pumped::kStalled;
        break;
      case EntryReader::Step::kPause:
        return Pumped::kMore;
      case EntryReader::Step::kEnd:
      case EntryReader::Step::kFinished:
        for (std::string& place : had_until_) place.clear();
        return moved ? Pumped::kAll : Pumped::kNothing;
      case EntryReader::Step::kFailed:
        problem_ = reader_->problem();
        return Pumped::kFailed;
    }
  }
  return Pumped::kMore;
}

// Up to the place of the shared reader, or, where the feed was ahead of it, to the end of the log.
Tail::Pumped Tail::catch_up(Missed& missed) {
  for (std::size_t i = 0; i < kTailEntriesPerSlice; ++i) {
    const EntryReader::Step step = missed.reader->next(entry_);
    if (step == EntryReader::Step::kPause) return Pumped::kMore;
    if (step != EntryReader::Step::kEntry) return Pumped::kAll;
    std::string& had_until = had_until_[missed.feed];
    if (entry_.cursor != had_until) publish_one(missed.feed, entry_);
    had_until = entry_.cursor;
    if (entry_.cursor == place_) {
      had_until.clear();
      return Pumped::kAll;
    }
    if (!waiting_.empty()) return Pumped::kStalled;
  }
  return Pumped::kMore;
}

void Tail::want(std::uint32_t feed, bool wanted, std::string_view last_id) {
  if (feed >= kFeedCount || wanted_[feed] == wanted) return;  // a reader more: it has all before what is published next
  wanted_[feed] = wanted;
  had_until_[feed].clear();
  std::erase_if(missed_, [feed](const Missed& missed) { return missed.feed == feed; });
  if (!wanted) return;
  if (!last_id.empty()) return go_on_behind(feed, last_id);
  // Its readers begin with what comes, also where the shared reader still goes over what others have missed.
  const bool is_behind = !place_.empty() && !(is_open() && is_through(pumped_));
  if (is_behind) had_until_[feed] = newest();
}

void Tail::go_on_behind(std::uint32_t feed, std::string_view last_id) {
  if (reader_ == nullptr && place_.empty()) place_ = last_id;
  if (last_id == place_) return;
  Query behind;
  behind.cursor = last_id;
  auto opened = open_(behind, Fields::kAll);
  if (!opened) return;
  had_until_[feed] = last_id;
  missed_.push_back({feed, *std::move(opened)});
}

std::string Tail::newest() {
  Query last;
  last.skip = -1;
  auto opened = open_(last, Fields::kAll);
  const bool found = opened && (*opened)->next(entry_) == EntryReader::Step::kEntry;
  return found ? entry_.cursor : std::string();
}

bool Tail::wanted() const {
  return std::any_of(wanted_.begin(), wanted_.end(), [](bool one) { return one; });
}

bool Tail::passes(std::uint32_t feed, const Entry& entry) const {
  return format_of(feed) != Format::kKvmd || is_one_of_units(entry.find("_SYSTEMD_UNIT"), kvmd_units_);
}

void Tail::publish(const Entry& entry) {
  bool is_masked_ready = false;
  for (std::uint32_t feed = 0; feed < kFeedCount; ++feed) {
    if (!wanted_[feed]) continue;
    if (!had_until_[feed].empty()) {
      if (had_until_[feed] == entry.cursor) had_until_[feed].clear();
      continue;
    }
    if (!passes(feed, entry)) continue;
    if (is_masked(feed) && !std::exchange(is_masked_ready, true)) mask(entry);
    publish_to(feed, is_masked(feed) ? masked_ : entry, entry.cursor);
  }
}

void Tail::publish_one(std::uint32_t feed, const Entry& entry) {
  if (!passes(feed, entry)) return;
  if (is_masked(feed)) mask(entry);
  publish_to(feed, is_masked(feed) ? masked_ : entry, entry.cursor);
}

void Tail::mask(const Entry& entry) {
  masked_ = entry;
  if (masks_) masks_->apply(masked_);
}

void Tail::publish_to(std::uint32_t feed, const Entry& entry, const std::string& place) {
  const Format format = format_of(feed);
  Formatter& formatter = formatters_[feed / 2];
  std::string item;
  append_item(formatter, format, entry, item);
  if (item.size() > BP_FEED_ITEM_BYTES_MAX) {
    shorten(entry, shortened_);
    item.clear();
    append_item(formatter, format, shortened_, item);
  }
  if (item.empty()) return;  // nothing to show of it
  send(feed, std::move(item), place);
}

void Tail::tell_place(std::uint32_t feed) {
  if (!place_.empty()) send(feed, {}, place_);
}

// Behind what waits, for the order. Little comes to wait: while something does, nothing more is read.
void Tail::send(std::uint32_t feed, std::string item, const std::string& place) {
  if (!waiting_.empty() || host_.publish(feed, {item, place}) == BP_E_AGAIN) {
    waiting_.push_back({feed, std::move(item), place});
  }
}

bool Tail::send_waiting() {
  while (!waiting_.empty()) {
    const Waiting& first = waiting_.front();
    if (host_.publish(first.feed, {first.bytes, first.id}) == BP_E_AGAIN) return false;
    waiting_.pop_front();
  }
  return true;
}

}  // namespace backplane::log_stream
