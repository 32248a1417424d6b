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
