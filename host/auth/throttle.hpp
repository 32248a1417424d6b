// Slows down guessing: failures are counted per account and network, and after a few each failure doubles the wait
// (S-05). Memory is bounded, and no crowd of other addresses pushes out a running penalty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "auth/digest.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

// A network is an IPv4 /24 or an IPv6 /64; all Unix sockets are one, and loopback is one like any other. I/O thread.
class Throttle {
 public:
  explicit Throttle(const base::Clock& clock);

  // How long this account must wait for its next try from there, in milliseconds; 0: it may try now.
  std::int64_t wait_ms(std::string_view account, std::string_view address) const;

  // Announces a try. False where as many tries are under way as may still fail: many guesses at once are not more
  // guesses. Each accepted try ends with one of the three below.
  [[nodiscard]] bool begin(std::string_view account, std::string_view address);
  void failed(std::string_view account, std::string_view address);
  void succeeded(std::string_view account, std::string_view address);
  void cancelled(std::string_view account, std::string_view address);  // nothing was learned

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Digest key;
    int failures = 0;
    int under_way = 0;
    std::int64_t last_ms = 0;
    std::int64_t blocked_until_ms = 0;
  };
  using Entries = std::list<Entry>;

  Digest key_of(std::string_view account, std::string_view address) const;
  Entry& entry_of(const Digest& key);
  void erase(const Digest& key);
  void make_room();

  const base::Clock& clock_;
  const base::Secret key_;  // account names come from strangers: only their keyed digest is kept
  // Least recent first. Those without a penalty go first when room is needed.
  Entries light_;
  Entries penalised_;
  std::unordered_map<Digest, Entries::iterator, DigestHash, DigestEqual> entries_;
};

}  // namespace backplane::auth
