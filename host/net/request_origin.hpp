// Where a request comes from: the client behind trusted proxies, and whether somebody else's page made a browser send
// it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/cidr.hpp"
#include "exchange/request.hpp"

namespace backplane::net {

// Whose request it is, by address: the one function that everybody uses (security.md S-12).
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

// Whether a browser was made to send this request by somebody else's page (security.md S-06, S-41).

// True if the request says that it comes from another site. Sec-Fetch-Site says so if it is there, for no page can set
// it: same-origin and none (the user's own doing) are ours, cross-site is not. Otherwise an Origin whose host and port
// are not those of Host is foreign. Scripts send neither and are not meant.
bool from_foreign_site(const exchange::Request& request);

// Whether a browser adds this kind of credential to requests that other sites make.
bool sent_by_browsers(exchange::CredentialKind kind);

}  // namespace backplane::net
