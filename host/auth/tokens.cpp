#include "auth/tokens.hpp"

#include <functional>

#include "auth/limits.hpp"

namespace backplane::auth {

std::optional<Digest> Tokens::key_of(std::string_view token) {
  TokenBytes bytes{};
  if (decode_token(token, bytes)) return sha256_({bytes.data(), bytes.size()});
  const std::size_t dot = token.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const Digest signature = sha256_(token.substr(dot + 1));
  const std::size_t text_sum = std::hash<std::string_view>()(token);
  if (const auto known = verified_.find(signature); known != verified_.end()) {
    if (known->second.text_sum == text_sum) return known->second.key;
  }
  const auto referred = signer_.verify(token);
  if (!referred) return std::nullopt;
  const Digest key = sha256_({referred->data(), referred->size()});
  if (verified_.size() >= limits::kVerifiedTokensMax) verified_.clear();
  verified_.insert_or_assign(signature, Verified{key, text_sum});
  return key;
}

void Tokens::set_keys(const KeyRing& keys) {
  signer_ = TokenSigner(keys);
  verified_.clear();
}

}  // namespace backplane::auth
