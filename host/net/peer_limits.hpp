// How much of the daemon one client may take: open connections, and TLS handshakes, each of which is a millisecond of
// the I/O thread. A client is an IPv4 address, an IPv6 /64, or all Unix sockets together. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace backplane::net {

class PeerLimits {
 public:
  explicit PeerLimits(const base::Clock& clock);

  // Counts a connection. False where the client has kConnectionsPerAddressMax already: nothing was counted.
  bool enter(std::string_view address);
  void leave(std::string_view address);

  // Takes a handshake of a client that has a connection. False: not now, its own or everybody's are used up.
  bool take_handshake(std::string_view address);

  // Forgets clients that have left and have nothing to wait for. Call about once a second.
  void sweep();

  std::size_t size() const { return clients_.size(); }

 private:
  // Fills up within a second.
  struct Bucket {
    double left;
    std::int64_t refilled_ms;
    double per_second;
  };
  struct Client {
    std::size_t open = 0;
    Bucket handshakes;
  };

  Bucket full(std::size_t per_second) const {
    return {static_cast<double>(per_second), clock_.steady_ms(), static_cast<double>(per_second)};
  }
  bool refill(Bucket& bucket) const;

  const base::Clock& clock_;
  Bucket all_;
  std::unordered_map<std::string, Client> clients_;
};

}  // namespace backplane::net
