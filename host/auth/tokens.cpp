#include "auth/tokens.hpp"

#include "base/limits.hpp"

namespace backplane::auth {

std::optional<Digest> Tokens::key_of(std::string_view token) {
  TokenBytes bytes{};
  if (decode_token(token, bytes)) return sha256_({bytes.data(), bytes.size()});
  const Digest text = sha256_(token);
  if (const auto known = verified_.find(text); known != verified_.end()) return known->second;
  const auto referred = signer_.verify(token);
  if (!referred) return std::nullopt;
  const Digest key = sha256_({referred->data(), referred->size()});
  if (verified_.size() >= base::limits::kVerifiedTokensMax) verified_.clear();
  verified_.emplace(text, key);
  return key;
}

void Tokens::set_keys(const KeyRing& keys) {
  signer_ = TokenSigner(keys);
  verified_.clear();
}

}  // namespace backplane::auth
