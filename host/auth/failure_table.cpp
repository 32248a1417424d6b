#include "auth/failure_table.hpp"

#include <algorithm>
#include <iterator>

#include "auth/limits.hpp"

namespace backplane::auth {
namespace {

std::int64_t delay_ms(int failures_over, std::int64_t delay_ms_max) {
  constexpr int kDoublingsMax = 20;  // far over the longest delay, far under an overflow
  return std::min(std::int64_t{1000} << std::min(failures_over, kDoublingsMax), delay_ms_max);
}

}  // namespace

std::int64_t FailureTable::wait_ms(const Digest& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return 0;
  return std::max<std::int64_t>(found->second->blocked_until_ms - clock_.boot_ms(), 0);
}

bool FailureTable::has_failed(const Digest& key) const {
  const auto found = entries_.find(key);
  return found != entries_.end() && found->second->failures > 0;
}

bool FailureTable::begin(const Digest& key) {
  Entry& entry = entry_of(key);
  const int left = std::max(free_failures_ - entry.failures, 1);
  if (entry.under_way >= left) return false;
  ++entry.under_way;
  return true;
}

void FailureTable::cancel(const Digest& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  Entry& entry = *found->second;
  entry.under_way = std::max(entry.under_way - 1, 0);
  if (entry.under_way == 0 && entry.failures == 0) forget(key);
}

void FailureTable::fail(const Digest& key) {
  Entry& entry = entry_of(key);
  entry.under_way = std::max(entry.under_way - 1, 0);
  add(key);
}

void FailureTable::add(const Digest& key) {
  Entry& entry = entry_of(key);
  const auto place = entries_.at(key);
  Entries& from = list_of(entry);
  ++entry.failures;
  if (entry.failures < free_failures_) return;
  entry.blocked_until_ms = clock_.boot_ms() + delay_ms(entry.failures - free_failures_, wait_ms_max_);
  penalised_.splice(penalised_.end(), from, place);
}

void FailureTable::forget(const Digest& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  const auto place = found->second;
  Entries& list = list_of(*place);
  entries_.erase(found);
  list.erase(place);
}

FailureTable::Entry& FailureTable::entry_of(const Digest& key) {
  const std::int64_t now = clock_.boot_ms();
  if (const auto found = entries_.find(key); found != entries_.end()) {
    const auto place = found->second;
    const bool forgotten = place->under_way == 0 && now - place->last_ms >= limits::kThrottleForgetMs;
    if (!forgotten) {
      Entries& list = list_of(*place);
      list.splice(list.end(), list, place);
      place->last_ms = now;
      return *place;
    }
    forget(key);
  }
  if (entries_.size() >= limits::kThrottleEntriesMax) make_room();
  light_.push_back(Entry{key, 0, 0, now, 0});
  entries_.emplace(key, std::prev(light_.end()));
  return light_.back();
}

void FailureTable::make_room() {
  const Entries& list = light_.empty() ? penalised_ : light_;
  forget(Digest(list.front().key));
}

}  // namespace backplane::auth
