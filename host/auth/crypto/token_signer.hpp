// Signed tokens: a session's 32 random bytes in the two forms that clients of JWTs expect, and back (gravwell.md §3).
//
// Nothing in a token is believed before its signature: the header must be, byte for byte, one of ours, so that no
// algorithm is ever taken from a token; then the MAC over the text as it came, in constant time; then, of the payload,
// which is ours by now, only the reference to the session. Everything else in it is there for clients to read. Whether
// the session lives says the registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto/key_ring.hpp"
#include "auth/session_token.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

enum class TokenForm {
  kRfc7519,   // base64url, HS256
  kGravwell,  // hex, HMAC-SHA-512 (Gravwell's own form)
};

struct TokenClaims {
  std::string issuer;
  std::string user;
  std::int32_t uid = 0;
  std::int64_t issued_s = 0;   // wall clock
  std::int64_t expires_s = 0;  // 0: never
};

// One thread.
class TokenSigner {
 public:
  explicit TokenSigner(const KeyRing& keys);

  // Under the newest key. `bytes` is what the registry knows the session by.
  base::Secret sign(TokenForm form, const TokenBytes& bytes, const TokenClaims& claims) const;

  // What a token refers to; nothing where it is not one that was signed here.
  std::optional<TokenBytes> verify(std::string_view token) const;

 private:
  struct Key {
    TokenForm form;
    std::string header;    // encoded, with the dot behind it
    base::Secret mac_key;  // a key of its own for each form: no token can be relabelled as the other's
  };

  std::vector<Key> keys_;  // newest first, both forms of each
};

// Two dots, characters of a token and no more than kTokenBytesMax: worth a look.
bool is_jwt_shaped(std::string_view text);

}  // namespace backplane::auth
