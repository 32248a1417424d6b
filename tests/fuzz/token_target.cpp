// Tokens: no bytes but those that were signed here are one, and what is one comes back the same (S-23, S-35).
#include <string>

#include "auth/crypto/token_signer.hpp"
#include "auth/tokens.hpp"
#include "base/check.hpp"
#include "dialects/kvmd/validators.hpp"
#include "fuzz/targets.hpp"

namespace backplane::fuzz {
namespace {

auth::KeyRing keys() {
  return {{1, base::Secret(std::string(32, 'k')), 0}};
}

}  // namespace

void token(std::string_view input) {
  static const auth::TokenSigner signer(keys());
  static auth::Tokens tokens(keys());
  const std::string copy(input);
  const auto named = signer.verify(copy);
  if (named) {
    // Of this key nobody has the secret but this test: the input is one that it signed itself.
    auth::TokenBytes bytes = *named;
    BP_CHECK(tokens.key_of(copy).has_value());
    BP_CHECK(!signer.verify(copy + "A"));
    BP_CHECK(!signer.verify(copy.substr(1)));
    BP_CHECK(bytes.size() == 32);
  }
  auth::TokenBytes bytes{};
  if (auth::decode_token(copy, bytes)) {
    BP_CHECK(auth::encode_token({bytes.data(), bytes.size()}).reveal() == copy);
    BP_CHECK(tokens.key_of(copy) == tokens.key_of(copy));
  }
  if (const auto valid = dialects::kvmd::valid_token(copy)) BP_CHECK(valid->size() == 64);
}

}  // namespace backplane::fuzz
