// Slows down guessing (S-05; gravwell.md §6). Failures are counted in four buckets: of an account from one network, of
// the network whatever the account, of the account from everywhere, and of everybody. The last two count only if the
// account has failed from the network already: under attack each network has one try in place of five, and an owner
// with the right password gets in from anywhere. An address that the account has logged in from before is known: only
// its own failures make it wait, whatever its neighbours do. Memory is bounded, and no crowd of other addresses pushes
// out a running penalty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "auth/crypto/digest.hpp"
#include "auth/failure_table.hpp"
#include "auth/network_failures.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

// A network is an IPv4 /24 or an IPv6 /64; all Unix sockets are one, and loopback is one like any other. What is known
// is an exact IPv4 address or an IPv6 /64. I/O thread.
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
    return good_.contains(known_key(account, address));
  }
  // As after a login there: what an earlier process knew.
  void remember_good(std::string_view account, std::string_view address) { remember_good(known_key(account, address)); }
  const NetworkFailures& networks() const { return networks_; }

  std::size_t size() const { return pairs_.size(); }

 private:
  Digest pair_of(std::string_view account, std::string_view address) const;
  Digest known_key(std::string_view account, std::string_view address) const;
  Digest digest_of(std::string_view account, std::string_view network) const;
  Digest account_key(std::string_view account) const;
  double failures_of_all() const;
  void remember_good(const Digest& known);

  const base::Clock& clock_;
  const base::Secret key_;  // account names come from strangers: only their keyed digest is kept
  FailureTable pairs_;      // account and network
  FailureTable known_;      // account and address, of those that are known
  FailureTable accounts_;
  NetworkFailures networks_;
  double all_ = 0;  // failures of everybody, as of all_counted_ms_; they leak away
  std::int64_t all_counted_ms_ = 0;
  // Account and address where a login was right, oldest first.
  std::list<Digest> good_order_;
  std::unordered_map<Digest, std::list<Digest>::iterator, DigestHash, DigestEqual> good_;
};

}  // namespace backplane::auth
