// Finds the one credential of a request that counts (contracts/README.md "credentials on a request"): the first one
// present in a fixed order decides, and a bad one never falls through to the next. Identity-looking headers other than
// these mean nothing (S-14, S-19).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "exchange/error_style.hpp"
#include "exchange/request.hpp"

namespace backplane::auth {

struct Presented {
  enum class Form {
    kNothing,   // no credential at all
    kToken,     // `token`
    kPassword,  // `user` and `password`
    kUnixPeer,  // `unix_uid`
    kRefused,   // `refusal`: something is there and cannot even be read
  };

  Form form = Form::kNothing;
  exchange::CredentialKind kind = exchange::CredentialKind::kNone;
  std::string_view token;  // 64 hex digits or the shape of a signed token, a view into the request
  std::string user;
  base::Secret password;
  std::int64_t unix_uid = -1;
  std::optional<exchange::Failure> refusal;
};

// Allocates nothing if a token or nothing is presented. Any thread.
Presented read_credentials(const exchange::Request& request);

// What the answer to an upgrade names as its subprotocol, if the request has passed with the token that it offers
// there (gravwell.md §2.2): a name we know that is offered beside the token, else the token, because browsers give up a
// connection whose answer names none. Empty: nothing is to be named.
std::string_view answered_subprotocol(const exchange::Request& request);

}  // namespace backplane::auth
