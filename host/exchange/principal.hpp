// Who a request comes from, once a credential has been verified. Plain data; lives here, not in auth, because
// operations carry it and stand beside auth.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::exchange {

// How the credential came; kvmd's access log names it ("admin (token)").
enum class CredentialKind { kNone, kXHeaders, kBearer, kWebSocketProtocol, kCookie, kBasic, kUnixPeer };

struct Principal {
  std::int32_t uid = 0;  // the user's number, from 1 (gravwell.md §1.3)
  std::string user;
  std::string role;
  std::vector<std::string> scopes;  // sorted
  CredentialKind credential = CredentialKind::kNone;
  std::uint64_t session = 0;  // the session's number in the registry; 0 where no session is behind the request

  bool may(std::string_view scope) const {
    return std::binary_search(scopes.begin(), scopes.end(), scope,
                              [](std::string_view a, std::string_view b) { return a < b; });
  }
};

}  // namespace backplane::exchange
