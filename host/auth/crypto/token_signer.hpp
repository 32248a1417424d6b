// The text forms of tokens: a session's own, 32 bytes as 64 lower-case hex digits, and those that are signed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/store.hpp"

namespace backplane::auth {

using TokenBytes = std::array<char, 32>;

// False for anything but exactly 64 lower-case hex digits (S-35: no prefix and no double of a token is one).
bool decode_token(std::string_view token, TokenBytes& bytes);

// Exactly 64 lower-case hex digits.
bool is_session_token(std::string_view text);

base::Secret encode_token(std::string_view bytes);

// The keys that tokens are signed with: a new one every month, old ones kept until no token of theirs can be alive.
// Plain data; the store has the keys, token_signer uses them.

using KeyRing = std::vector<store::TokenKeyRow>;  // newest first, never empty

// The keys of the store. Makes the first one, and a new one if the newest is older than kTokenKeyMs or `renew` asks
// for it; forgets those beyond kTokenKeysMax. On the store's thread, or before it runs.
base::Checked<KeyRing> read_key_ring(store::Store& store, const base::Clock& clock, bool renew = false);

// Signed tokens: a session's 32 random bytes in the two forms that clients of JWTs expect, and back (gravwell.md §3).
//
// Nothing in a token is believed before its signature: the header must be, byte for byte, one of ours, so that no
// algorithm is ever taken from a token; then the MAC over the text as it came, in constant time; then, of the payload,
// which is ours by now, only the reference to the session. Everything else in it is there for clients to read. Whether
// the session lives says the registry.

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

  // What a token refers to; nothing if it is not one that was signed here.
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
