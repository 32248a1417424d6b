#include "auth/crypto/totp.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/check.hpp"
#include "store/limits.hpp"

namespace backplane::auth {
namespace {

constexpr std::int64_t kStepMs = 30'000;
constexpr std::int64_t kUseKeptMs = 600'000;   // far over the time that a code is good
constexpr const char* kSession = "a session";  // no address

// RFC 4648 §6, without padding: apps want none.
std::string encode_base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 5) {
      count -= 5;
      text += kAlphabet[bits >> count & 31];
    }
  }
  if (count > 0) text += kAlphabet[bits << (5 - count) & 31];
  return text;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string totp_code(std::string_view key, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  BP_CHECK(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(),
                &size) != nullptr);
  // RFC 4226 §5.3: four bytes from where the last digit points, without the sign.
  const std::size_t at = mac[size - 1] & 15U;
  const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7f) << 24) |
                               (static_cast<std::uint32_t>(mac[at + 1]) << 16) |
                               (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
  return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> find_totp_step(std::string_view key, std::string_view code, std::int64_t wall_ms) {
  const std::int64_t now = wall_ms / kStepMs;
  if (code.size() != kTotpDigits) return std::nullopt;
  std::optional<std::int64_t> found;
  for (std::int64_t step = now - 1; step <= now + 1; ++step) {
    if (CRYPTO_memcmp(totp_code(key, step).data(), code.data(), kTotpDigits) == 0) found = step;
  }
  return found;
}

base::Secret totp_key_text(std::string_view key) {
  return base::Secret(encode_base32(key));
}

base::Secret totp_url(std::string_view key, std::string_view user, std::string_view device) {
  const std::string issuer = percent_encode(device);
  return base::Secret(fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", issuer, percent_encode(user),
                                  encode_base32(key), issuer));
}

bool is_spent(std::int64_t step, const std::vector<std::int64_t>& spent) {
  return std::any_of(spent.begin(), spent.end(), [step](std::int64_t other) {
    return step <= other && other < step + store::limits::kTotpStepsGood;
  });
}

bool TotpUses::take_for_request(const Code& code, std::string_view address) {
  return use_of(code, address).address == address;
}

bool TotpUses::take_for_session(const Code& code) {
  const bool is_first = !uses_.contains(code.key) || !uses_.at(code.key).contains(code.step);
  use_of(code, kSession);
  return is_first;
}

TotpUses::Use& TotpUses::use_of(const Code& code, std::string_view address) {
  for (auto user = uses_.begin(); user != uses_.end();) {
    std::erase_if(user->second, [&](const auto& use) { return code.boot_ms - use.second.boot_ms >= kUseKeptMs; });
    user = user->second.empty() ? uses_.erase(user) : std::next(user);
  }
  return uses_[code.key].emplace(code.step, Use{std::string(address), code.boot_ms}).first->second;
}

}  // namespace backplane::auth
