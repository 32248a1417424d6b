// Counts failures by key, and says how long each key has to wait: after so many free ones each failure doubles it.
// Memory is bounded: keys without a penalty go first, then the least recent. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>

#include "auth/crypto/digest.hpp"
#include "base/clock.hpp"

namespace backplane::auth {

class FailureTable {
 public:
  FailureTable(const base::Clock& clock, int free_failures, std::int64_t wait_ms_max)
      : clock_(clock), free_failures_(free_failures), wait_ms_max_(wait_ms_max) {}

  // Milliseconds from now; 0: none.
  std::int64_t wait_ms(const Digest& key) const;
  bool has_failed(const Digest& key) const;
  std::size_t size() const { return entries_.size(); }

  // Announces a try. False if as many are under way as may still fail. Each accepted one ends with fail, forget or
  // cancel.
  [[nodiscard]] bool begin(const Digest& key);
  void cancel(const Digest& key);
  void fail(const Digest& key);
  // A failure of a try that was announced elsewhere.
  void add(const Digest& key);
  void forget(const Digest& key);

 private:
  struct Entry {
    Digest key;
    int failures = 0;
    int under_way = 0;
    std::int64_t last_ms = 0;
    std::int64_t blocked_until_ms = 0;
  };
  using Entries = std::list<Entry>;

  Entry& entry_of(const Digest& key);
  Entries& list_of(const Entry& entry) { return entry.failures >= free_failures_ ? penalised_ : light_; }
  void make_room();

  const base::Clock& clock_;
  const int free_failures_;
  const std::int64_t wait_ms_max_;
  // Least recent first.
  Entries light_;
  Entries penalised_;
  std::unordered_map<Digest, Entries::iterator, DigestHash, DigestEqual> entries_;
};

}  // namespace backplane::auth
