// Whose request it is, by address: the one function that everybody uses (security.md S-12).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::net {

class ClientAddress {
 public:
  // CIDRs ("10.0.0.0/8", "fd00::/8") of the proxies whose X-Forwarded-For is believed.
  static base::Checked<ClientAddress> make(const std::vector<std::string>& trusted_proxies);

  // The peer's address; where the peer is a trusted proxy, the rightmost address of X-Forwarded-For that no trusted
  // proxy has. Anything there that is no address ends the search: the last good one is taken.
  std::string of(const exchange::Request& request) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> address;
    unsigned bits;
  };
  bool trusted(std::string_view address) const;

  std::vector<Network> networks_;
};

}  // namespace backplane::net
