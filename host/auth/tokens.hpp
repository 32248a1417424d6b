// From the text of a token to the session it names, whichever door gave it out: 64 hex digits, or a signed token. I/O
// thread only.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "auth/crypto/digest.hpp"
#include "auth/crypto/token_signer.hpp"

namespace backplane::auth {

class Tokens {
 public:
  explicit Tokens(const KeyRing& keys) : signer_(keys) {}

  // What the registry knows the session by: the SHA-256 of the token's 32 bytes. Nothing if this is no token of
  // ours. A signature that was good a moment ago costs one hash.
  std::optional<Digest> key_of(std::string_view token);

  base::Secret sign(TokenForm form, const TokenBytes& bytes, const TokenClaims& claims) const {
    return signer_.sign(form, bytes, claims);
  }
  void set_keys(const KeyRing& keys);

 private:
  TokenSigner signer_;
  Sha256 sha256_;
  // A token whose signature was good: what it names, and a quick sum of its whole text. The sum keeps a changed text
  // from passing for it by chance; who makes one on purpose, having the token, gains nothing: it names the same
  // session.
  struct Verified {
    Digest key;
    std::size_t text_sum;
  };
  // By the SHA-256 of the signature. Bounded: emptied if it is full; only who has a key can fill it.
  std::unordered_map<Digest, Verified, DigestHash, DigestEqual> verified_;
};

}  // namespace backplane::auth
