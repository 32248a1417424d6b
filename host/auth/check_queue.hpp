// The order in which waiting password checks get their turn: those from known addresses first, then those from networks
// with the fewest failures, and among equals each network in turn. If all places are taken a better check takes the
// place of a worse one, so that no crowd keeps out who is not of it (S-05). I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto/digest.hpp"

namespace backplane::auth {

class CheckQueue {
 public:
  // Who asks for a place.
  struct Place {
    std::string network;         // whose places these are
    double failures = 0;         // fewer go first; kKnown before all
    std::size_t places_max = 1;  // of the network, with the check that has its turn
  };
  static constexpr double kKnown = -1;

  struct Pushed {
    bool accepted = false;
    std::optional<Digest> displaced;  // who lost the place
  };

  Pushed push(Place place, const Digest& check);
  // Somebody else asks the same: the check waits where the better of the two may wait.
  void improve(const Place& place, const Digest& check);
  // Whose turn it is, until the next call of one of these two.
  std::optional<Digest> pop();
  void end_turn() { turn_.clear(); }
  std::size_t size() const { return waiting_.size(); }

 private:
  struct Waiting {
    Place place;
    Digest check;
  };
  // Smaller is better.
  struct Rank {
    double failures;
    std::size_t ahead;  // of the same network
    auto operator<=>(const Rank&) const = default;
  };

  std::size_t count(std::string_view network, std::size_t end) const;
  Rank rank_of(std::size_t index) const;

  std::vector<Waiting> waiting_;  // oldest first, at most kPasswordChecksWaitingMax
  std::string turn_;              // the network whose check has its turn
};

}  // namespace backplane::auth
