// Counts failed logins by network, whatever the names: who guesses at names that nobody has must wait, too (S-05).
// Failures leak away, so that a network that has stopped is soon like any other. Memory is bounded: the networks with
// the fewest failures go first. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"

namespace backplane::auth {

// An IPv4 address counts for its /24, an IPv6 address for its /64, /56 and /48: whoever has one of the wide ones has
// no end of narrow ones.
class NetworkFailures {
 public:
  explicit NetworkFailures(const base::Clock& clock) : clock_(clock) {}

  void add(std::string_view address);
  // How long who comes from there has to wait, in milliseconds; 0: not at all.
  std::int64_t wait_ms(std::string_view address) const;
  // The most that one of its networks has now.
  double failures(std::string_view address) const;
  // How many tries may be under way from there: no more than may still fail, but one.
  std::size_t tries_max(std::string_view address) const;
  std::size_t size() const { return counts_.size(); }

 private:
  struct Bucket {
    std::string network;
    double free_failures;
    double forgive_ms;  // each
  };
  struct Count {
    double failures = 0;  // as of counted_ms
    std::int64_t counted_ms = 0;
    double forgive_ms = 0;
  };

  static std::vector<Bucket> buckets_of(std::string_view address);
  double failures_in(const Bucket& bucket) const;
  double now(const Count& count) const;
  void make_room();

  const base::Clock& clock_;
  std::unordered_map<std::string, Count> counts_;
};

}  // namespace backplane::auth
