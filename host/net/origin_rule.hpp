// Whether a browser was made to send this request by somebody else's page (security.md S-06, S-41).
#pragma once

#include "exchange/request.hpp"

namespace backplane::net {

// True where the request says that it comes from another site: an Origin whose host and port are not those of Host, or
// Sec-Fetch-Site: cross-site. Scripts send neither and are not meant.
bool from_foreign_site(const exchange::Request& request);

// Whether a browser adds this kind of credential to requests that other sites make.
bool sent_by_browsers(exchange::CredentialKind kind);

}  // namespace backplane::net
