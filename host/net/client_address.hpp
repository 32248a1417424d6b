// Whose request it is, by address: the one function that everybody uses (security.md S-12).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/cidr.hpp"
#include "exchange/request.hpp"

namespace backplane::net {

class ClientAddress {
 public:
  // The networks of the proxies whose X-Forwarded-For is believed.
  explicit ClientAddress(std::vector<config::Cidr> trusted_proxies) : proxies_(std::move(trusted_proxies)) {}

  // The peer's address; where the peer is a trusted proxy, the rightmost address of X-Forwarded-For that no trusted
  // proxy has. Anything there that is no address ends the search: the last good one is taken.
  std::string of(const exchange::Request& request) const;

 private:
  bool trusted(const config::IpAddress& address) const;

  std::vector<config::Cidr> proxies_;
};

}  // namespace backplane::net
