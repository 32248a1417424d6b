#include "auth/crypto/token_signer.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <backplane/text.hpp>

#include "auth/crypto/base64.hpp"
#include "auth/crypto/digest.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"
#include "base/rfc3339.hpp"

namespace backplane::auth {
namespace {

constexpr std::string_view kReference = R"({"jti":")";          // where a payload of ours begins
constexpr std::string_view kGravwellReference = R"({"iat":[)";  // Gravwell's name for 32 opaque bytes

constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> belongs{};
  for (int c = 0; c < 256; ++c) {
    belongs[static_cast<std::size_t>(c)] =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  }
  return belongs;
}();

std::string encode(TokenForm form, std::string_view bytes) {
  return form == TokenForm::kRfc7519 ? encode_base64url(bytes) : sdk::encode_hex(bytes);
}

std::optional<std::string> decode(TokenForm form, std::string_view text) {
  if (form == TokenForm::kRfc7519) return decode_base64url(text);
  std::string bytes(text.size() / 2, '\0');
  if (!sdk::decode_hex(text, bytes.data())) return std::nullopt;
  return bytes;
}

std::string header_of(TokenForm form, std::int64_t key) {
  return form == TokenForm::kRfc7519 ? fmt::format(R"({{"typ":"JWT","alg":"HS256","kid":"{}"}})", key)
                                     : fmt::format(R"({{"algo":62738,"typ":"jwt","kid":"{}"}})", key);
}

std::string mac(TokenForm form, const base::Secret& key, std::string_view text) {
  const EVP_MD* algorithm = form == TokenForm::kRfc7519 ? EVP_sha256() : EVP_sha512();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  BP_CHECK(HMAC(algorithm, key.reveal().data(), static_cast<int>(key.reveal().size()),
                reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size) != nullptr);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string payload_of(const TokenBytes& bytes, const TokenClaims& claims) {
  std::string text = std::string(kReference) + encode_base64url({bytes.data(), bytes.size()});
  text += fmt::format(R"(","iss":"{}","iat":{})", claims.issuer, claims.issued_s);
  if (claims.expires_s != 0) {
    text += fmt::format(R"(,"exp":{},"expires":"{}")", claims.expires_s, base::rfc3339(claims.expires_s * 1000));
  }
  text += fmt::format(R"(,"user":"{0}","sub":"{0}","uid":{1},"use":"session"}})", claims.user, claims.uid);
  return text;
}

std::string gravwell_payload_of(const TokenBytes& bytes, const TokenClaims& claims) {
  std::string text(kGravwellReference);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ",", static_cast<unsigned char>(bytes[i]));
  }
  text += fmt::format(R"(],"uid":{})", claims.uid);
  if (claims.expires_s != 0) text += fmt::format(R"(,"expires":"{}")", base::rfc3339(claims.expires_s * 1000));
  return text + R"(,"noLoginChange":false,"noDisableMFA":false})";
}

std::optional<TokenBytes> reference_of(std::string_view payload) {
  if (!payload.starts_with(kReference)) return std::nullopt;
  payload.remove_prefix(kReference.size());
  const auto decoded = decode_base64url(payload.substr(0, payload.find('"')));
  TokenBytes bytes{};
  if (!decoded || decoded->size() != bytes.size()) return std::nullopt;
  std::copy(decoded->begin(), decoded->end(), bytes.begin());
  return bytes;
}

std::optional<TokenBytes> gravwell_reference_of(std::string_view payload) {
  if (!payload.starts_with(kGravwellReference)) return std::nullopt;
  payload.remove_prefix(kGravwellReference.size());
  TokenBytes bytes{};
  for (char& byte : bytes) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && digits < payload.size() && payload[digits] >= '0' && payload[digits] <= '9'; ++digits) {
      value = value * 10 + (payload[digits] - '0');
    }
    const char after = &byte == &bytes.back() ? ']' : ',';
    if (digits == 0 || value > 255 || digits == payload.size() || payload[digits] != after) return std::nullopt;
    byte = static_cast<char>(value);
    payload.remove_prefix(digits + 1);
  }
  return bytes;
}

}  // namespace

TokenSigner::TokenSigner(const KeyRing& keys) {
  for (const store::TokenKeyRow& key : keys) {
    const auto derive = [&key](std::string_view label) {
      return base::Secret(std::string(bytes_of(hmac_sha256(key.key.reveal(), label))));
    };
    for (const TokenForm form : {TokenForm::kRfc7519, TokenForm::kGravwell}) {
      keys_.push_back({form, encode(form, header_of(form, key.id)) + ".",
                       derive(form == TokenForm::kRfc7519 ? "token rfc7519" : "token gravwell")});
    }
  }
  BP_CHECK(!keys_.empty());
}

base::Secret TokenSigner::sign(TokenForm form, const TokenBytes& bytes, const TokenClaims& claims) const {
  const Key& key = form == keys_[0].form ? keys_[0] : keys_[1];
  const std::string payload =
      form == TokenForm::kRfc7519 ? payload_of(bytes, claims) : gravwell_payload_of(bytes, claims);
  std::string token = key.header + encode(form, payload);
  token += "." + encode(form, mac(form, key.mac_key, token));
  return base::Secret(std::move(token));
}

std::optional<TokenBytes> TokenSigner::verify(std::string_view token) const {
  if (!is_jwt_shaped(token)) return std::nullopt;
  const auto key =
      std::find_if(keys_.begin(), keys_.end(), [token](const Key& each) { return token.starts_with(each.header); });
  if (key == keys_.end()) return std::nullopt;
  const std::size_t last_dot = token.rfind('.');
  if (last_dot < key->header.size()) return std::nullopt;
  const auto signature = decode(key->form, token.substr(last_dot + 1));
  const std::string wanted = mac(key->form, key->mac_key, token.substr(0, last_dot));
  if (!signature || signature->size() != wanted.size()) return std::nullopt;
  if (CRYPTO_memcmp(signature->data(), wanted.data(), wanted.size()) != 0) return std::nullopt;
  const auto payload = decode(key->form, token.substr(key->header.size(), last_dot - key->header.size()));
  if (!payload) return std::nullopt;
  return key->form == TokenForm::kRfc7519 ? reference_of(*payload) : gravwell_reference_of(*payload);
}

bool is_jwt_shaped(std::string_view text) {
  constexpr std::size_t kBytesMin = 32;
  if (text.size() < kBytesMin || text.size() > limits::kTokenBytesMax) return false;
  std::size_t dots = 0;
  for (const char c : text) {
    if (!kTokenCharacters[static_cast<unsigned char>(c)]) return false;
    dots += c == '.' ? 1U : 0U;
  }
  return dots == 2;
}

}  // namespace backplane::auth
