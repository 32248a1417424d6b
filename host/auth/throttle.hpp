// Slows down guessing (S-05; gravwell.md §6). Failures are counted in three buckets: of an account from one network, of
// the account from everywhere, and of everybody. The last two count only if a network has failed already, and not
// if the account has logged in before: under attack each network has one try in place of five, and an owner with the
// right password gets in from anywhere. Memory is bounded, and no crowd of other addresses pushes out a running
// penalty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "auth/crypto/digest.hpp"
#include "auth/failure_table.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

// A network is an IPv4 /24 or an IPv6 /64; all Unix sockets are one, and loopback is one like any other. I/O thread.
class Throttle {
 public:
  explicit Throttle(const base::Clock& clock);

  // How long this account must wait for its next try from there, in milliseconds; 0: it may try now.
  std::int64_t wait_ms(std::string_view account, std::string_view address) const;

  // Announces a try. False if as many tries are under way as may still fail: many guesses at once are not more
  // guesses. Each accepted try ends with one of the three below.
  [[nodiscard]] bool begin(std::string_view account, std::string_view address);
  void failed(std::string_view account, std::string_view address);
  void succeeded(std::string_view account, std::string_view address);
  void cancelled(std::string_view account, std::string_view address);  // nothing was learned

  // Whether the account has logged in from there before.
  bool is_good(std::string_view account, std::string_view address) const {
    return good_.contains(pair_of(account, address));
  }

  std::size_t size() const { return pairs_.size(); }

 private:
  Digest pair_of(std::string_view account, std::string_view address) const;
  Digest account_key(std::string_view account) const;
  double failures_of_all() const;
  void remember_good(const Digest& pair);

  const base::Clock& clock_;
  const base::Secret key_;  // account names come from strangers: only their keyed digest is kept
  FailureTable pairs_;      // account and network
  FailureTable accounts_;
  double all_ = 0;  // failures of everybody, as of all_counted_ms_; they leak away
  std::int64_t all_counted_ms_ = 0;
  // Account and network where a login was right, oldest first.
  std::list<Digest> good_order_;
  std::unordered_map<Digest, std::list<Digest>::iterator, DigestHash, DigestEqual> good_;
};

}  // namespace backplane::auth
