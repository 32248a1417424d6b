// How much of the daemon one client may take: open connections, and TLS handshakes, each of which is a millisecond of
// the I/O thread. A client is an IPv4 address, an IPv6 /64, or all Unix sockets together. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace backplane::net {

class HandshakeTurn;

class PeerLimits {
 public:
  explicit PeerLimits(const base::Clock& clock);

  // Counts a connection. False where the client has kConnectionsPerAddressMax already: nothing was counted.
  bool enter(std::string_view address);
  void leave(std::string_view address);

  // Lets those begin that wait for a handshake, one of each client in turn, so that whoever has a thousand waiting
  // delays nobody else. Call every kTickMs.
  void grant_handshakes();

  // Forgets clients that have left and have nothing to wait for. Call about once a second.
  void sweep();

  std::size_t size() const { return clients_.size(); }

 private:
  friend class HandshakeTurn;
  // Fills up within a second.
  struct Bucket {
    double left;
    std::int64_t refilled_ms;
    double per_second;
  };
  struct Client {
    std::size_t open = 0;
    Bucket handshakes;
    std::list<HandshakeTurn*> waiting = {};  // oldest first
    bool in_round = false;
  };

  Bucket full(std::size_t per_second) const {
    return {static_cast<double>(per_second), clock_.steady_ms(), static_cast<double>(per_second)};
  }
  bool refill(Bucket& bucket) const;
  bool is_forgettable(Client& client) const;
  bool take(Client& client);
  bool has_handshakes();

  const base::Clock& clock_;
  Bucket all_;
  std::unordered_map<std::string, Client> clients_;
  std::deque<std::string> round_;  // the clients that had somebody waiting, next first; each once
};

// A connection's place among those that want to begin their handshake. I/O thread only.
class HandshakeTurn {
 public:
  // `address` has entered `limits`, which outlive this. `on_came` is called where the turn comes later, not where it
  // has come at once.
  HandshakeTurn(PeerLimits& limits, std::string_view address, std::function<void()> on_came);
  ~HandshakeTurn();
  HandshakeTurn(const HandshakeTurn&) = delete;
  HandshakeTurn& operator=(const HandshakeTurn&) = delete;

  bool came() const { return came_; }

 private:
  friend class PeerLimits;

  PeerLimits& limits_;
  const std::string client_;
  const std::function<void()> on_came_;
  bool came_ = false;
  std::list<HandshakeTurn*>::iterator place_;  // while it has not come
};

}  // namespace backplane::net
