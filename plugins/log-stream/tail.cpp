#include "log-stream/tail.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/short_entry.hpp"

namespace backplane::log_stream {

void Tail::set_rules(std::shared_ptr<const Masks> masks, std::vector<std::string> kvmd_units) {
  masks_ = std::move(masks);
  kvmd_units_ = std::move(kvmd_units);
}

bool Tail::open() {
  if (reader_) return problem_.empty();
  Query end;
  end.follow = true;
  end.skip = -1;
  end.cursor = place_;
  if (!place_.empty()) end.skip = 0;  // it was closed by a failure: go on behind the entry at that place
  auto opened = open_(end, Fields::kAll);
  if (auto* problem = std::get_if<Problem>(&opened)) {
    problem_ = std::move(problem->text);
    return false;
  }
  reader_ = std::get<std::unique_ptr<EntryReader>>(std::move(opened));
  problem_.clear();
  if (!place_.empty()) return true;
  // What is there already is nobody's news.
  while (reader_->next(entry_) == EntryReader::Step::kEntry) place_ = entry_.cursor;
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
  waiting_bytes_ = 0;
  place_.clear();
}

Tail::Pumped Tail::pump() {
  if (!is_open()) return Pumped::kNothing;
  if (!send_waiting()) return Pumped::kStalled;
  reader_->on_ready();
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
        return moved ? Pumped::kAll : Pumped::kNothing;
      case EntryReader::Step::kFailed:
        problem_ = reader_->problem();
        return Pumped::kFailed;
    }
  }
  return Pumped::kMore;
}

void Tail::want(std::uint32_t feed, bool wanted, std::string_view last_id) {
  if (feed >= kFeedCount) return;
  if (wanted && !last_id.empty()) resume(feed, last_id);
  wanted_[feed] = wanted;
}

bool Tail::wanted() const {
  return std::any_of(wanted_.begin(), wanted_.end(), [](bool one) { return one; });
}

bool Tail::passes(std::uint32_t feed, const Entry& entry) const {
  if (format_of(feed) != Format::kKvmd) return true;
  const std::string unit(entry.find("_SYSTEMD_UNIT"));
  return std::any_of(kvmd_units_.begin(), kvmd_units_.end(),
                     [&](const std::string& pattern) { return ::fnmatch(pattern.c_str(), unit.c_str(), 0) == 0; });
}

void Tail::publish(const Entry& entry) {
  bool is_ready = false;
  for (std::uint32_t feed = 0; feed < kFeedCount; ++feed) {
    if (!wanted_[feed] || !passes(feed, entry)) continue;
    if (is_masked(feed) && !std::exchange(is_ready, true)) {
      masked_ = entry;
      if (masks_) masks_->apply(masked_);
    }
    publish_to(feed, is_masked(feed) ? masked_ : entry, entry.cursor);
  }
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
  if (feed < kFeedCount && !place_.empty()) send(feed, {}, place_);
}

void Tail::send(std::uint32_t feed, std::string item, const std::string& place) {
  // What comes back with a restart may be more than one item.
  if (waiting_.empty() && host_.publish(feed, {item, place}) != BP_E_AGAIN) return;
  if (waiting_bytes_ >= kTailWaitingBytesMax) return;
  waiting_bytes_ += item.size();
  waiting_.push_back({feed, std::move(item), place});
}

bool Tail::send_waiting() {
  while (!waiting_.empty()) {
    const Waiting& first = waiting_.front();
    if (host_.publish(first.feed, {first.bytes, first.id}) == BP_E_AGAIN) return false;
    waiting_bytes_ -= first.bytes.size();
    waiting_.pop_front();
  }
  return true;
}

void Tail::resume(std::uint32_t feed, std::string_view last_id) {
  if (!open()) return;
  Query behind;
  behind.cursor = last_id;
  auto opened = open_(behind, Fields::kAll);
  auto* reader = std::get_if<std::unique_ptr<EntryReader>>(&opened);
  if (reader == nullptr) return;
  for (std::size_t i = 0; i < kResumedEntriesMax && (*reader)->next(entry_) == EntryReader::Step::kEntry; ++i) {
    const bool last = entry_.cursor == place_;  // what follows comes by pump
    if (entry_.cursor != last_id && passes(feed, entry_)) {
      masked_ = entry_;
      if (is_masked(feed) && masks_) masks_->apply(masked_);
      publish_to(feed, masked_, entry_.cursor);
    }
    if (last) return;
  }
}

}  // namespace backplane::log_stream
