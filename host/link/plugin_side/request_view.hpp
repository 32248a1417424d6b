// A request as the plugin sees it: a bp_request whose pointers look into an exchange::Request, without the credentials
// that came with it. [plugin thread]
#pragma once

#include <backplane/ext/http.h>

#include <string>
#include <string_view>
#include <vector>

#include "exchange/request.hpp"
#include "link/plugin_side/abi_values.hpp"

namespace backplane::link {

// Whether a header carries a credential and is therefore kept from plugins: Authorization, Proxy-Authorization, Cookie,
// X-KVMD-User, X-KVMD-Passwd, Gravwell-Token, X-Auth-Token; and Sec-WebSocket-Protocol where one of its values looks
// like a token (longer than 32 characters, or with two dots as in a JWT), because gravwell's clients log in with it.
bool is_credential(std::string_view name, std::string_view value);

// Reused from request to request, so that its lists are allocated once.
class RequestView {
 public:
  // Valid until the next call, and as long as `request` lives. `mount` is left out of the path's front.
  const bp_request& look_at(const exchange::Request& request, std::string_view mount);

  bp_request& get() { return view_; }

 private:
  bp_fields fields(const std::vector<exchange::Field>& from, std::vector<bp_field>& into) const;

  bp_request view_{};
  std::vector<bp_field> path_parameters_;
  std::vector<bp_field> query_fields_;
  std::vector<bp_field> headers_;
  std::vector<bp_field> fields_;
  std::vector<bp_bytes> scopes_;
  char trace_[17] = {};
};

}  // namespace backplane::link
