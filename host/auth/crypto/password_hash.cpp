#include "auth/crypto/password_hash.hpp"

#include <argon2.h>
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

#include <charconv>
#include <optional>

#include "auth/crypto/base64.hpp"
#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace backplane::auth {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

struct Encoded {
  PasswordProfile profile;
  std::string salt;
  std::string hash;
};

// Straight from the kernel and back: malloc would learn from blocks of this size to keep them for itself.
int take_memory(std::uint8_t** memory, std::size_t size) {
  void* block = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *memory = block == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(block);
  return block == MAP_FAILED ? ARGON2_MEMORY_ALLOCATION_ERROR : ARGON2_OK;
}

void return_memory(std::uint8_t* memory, std::size_t size) {
  ::munmap(memory, size);
}

std::uint8_t* octets(const std::string& text) {
  // libargon2 takes its inputs as pointers to non-const and only reads them.
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

int run_argon2(const base::Secret& password, const std::string& salt, PasswordProfile profile, std::string& hash) {
  argon2_context context{};
  context.out = octets(hash);
  context.outlen = static_cast<std::uint32_t>(hash.size());
  context.pwd = octets(password.reveal());
  context.pwdlen = static_cast<std::uint32_t>(password.reveal().size());
  context.salt = octets(salt);
  context.saltlen = static_cast<std::uint32_t>(salt.size());
  context.t_cost = profile.passes;
  context.m_cost = profile.memory_kib;
  context.lanes = 1;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = take_memory;
  context.free_cbk = return_memory;
  context.flags = ARGON2_DEFAULT_FLAGS;
  return argon2id_ctx(&context);
}

void tell_no_memory(PasswordProfile profile) {
  base::log(base::Level::kError,
            "passwords: {} KiB of memory for a hash cannot be had; free some, or choose the small profile",
            profile.memory_kib);
}

bool take_text(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

std::optional<Encoded> parse(std::string_view text) {
  if (text.size() > limits::kPasswordHashBytesMax) return std::nullopt;
  if (!take_text(text, "$argon2id$v=19$m=")) return std::nullopt;
  const auto memory = take_number(text);
  if (!memory || !take_text(text, ",t=")) return std::nullopt;
  const auto passes = take_number(text);
  if (!passes || !take_text(text, ",p=1$")) return std::nullopt;
  if (*memory < ARGON2_MIN_MEMORY || *memory > limits::kArgonMemoryKibMax) return std::nullopt;
  if (*passes < 1 || *passes > limits::kArgonPassesMax) return std::nullopt;
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos) return std::nullopt;
  auto salt = decode_base64(text.substr(0, dollar), Padding::kForbidden);
  auto hash = decode_base64(text.substr(dollar + 1), Padding::kForbidden);
  // A shorter hash would be easier to meet: only the full length counts.
  if (!salt || salt->size() < kSaltBytes || !hash || hash->size() != kHashBytes) return std::nullopt;
  return Encoded{{*memory, *passes}, std::move(*salt), std::move(*hash)};
}

std::string encode(PasswordProfile profile, const std::string& salt, const std::string& hash) {
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", profile.memory_kib, profile.passes,
                     encode_base64(salt, Padding::kForbidden), encode_base64(hash, Padding::kForbidden));
}

}  // namespace

std::string hash_password(const base::Secret& password, PasswordProfile profile) {
  const std::string salt = random_bytes(kSaltBytes);
  std::string hash(kHashBytes, '\0');
  const int code = run_argon2(password, salt, profile, hash);
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) {
    tell_no_memory(profile);
    return {};
  }
  BP_CHECK(code == ARGON2_OK);
  return encode(profile, salt, hash);
}

bool is_password_hash(std::string_view encoded) {
  return parse(encoded).has_value();
}

std::optional<PasswordProfile> profile_of(std::string_view encoded) {
  const auto stored = parse(encoded);
  if (!stored) return std::nullopt;
  return stored->profile;
}

PasswordMatch verify_password(std::string_view encoded, const base::Secret& password) {
  const auto stored = parse(encoded);
  if (!stored) return PasswordMatch::kNo;
  std::string hash(stored->hash.size(), '\0');
  const int code = run_argon2(password, stored->salt, stored->profile, hash);
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) {
    tell_no_memory(stored->profile);
    return PasswordMatch::kNoMemory;
  }
  if (code != ARGON2_OK) return PasswordMatch::kNo;
  const bool matches = CRYPTO_memcmp(hash.data(), stored->hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(hash.data(), hash.size());
  return matches ? PasswordMatch::kYes : PasswordMatch::kNo;
}

std::string unmatchable_hash(PasswordProfile profile) {
  // Random bytes in place of a hash: finding a password for them means breaking argon2.
  return encode(profile, random_bytes(kSaltBytes), random_bytes(kHashBytes));
}

}  // namespace backplane::auth
