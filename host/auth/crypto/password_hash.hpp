// argon2id (RFC 9106) over libargon2: salted, memory-hard, in the PHC text form "$argon2id$v=19$m=…,t=…,p=…$salt$hash"
// (S-21). Each call takes 50 to 800 ms and the profile's memory: never on the I/O thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace backplane::auth {

struct PasswordProfile {
  std::uint32_t memory_kib;
  std::uint32_t passes;

  auto operator<=>(const PasswordProfile&) const = default;
};

// Two choices that OWASP's cheat sheet holds for equal: for machines with memory, and for those under 256 MB.
inline constexpr PasswordProfile kDefaultProfile{19456, 2};
inline constexpr PasswordProfile kSmallProfile{7168, 5};

// With a fresh random salt. Stops the process only if the profile itself is impossible; an empty text if the
// memory cannot be had now.
std::string hash_password(const base::Secret& password, PasswordProfile profile);

enum class PasswordMatch {
  kYes,
  kNo,
  kNoMemory,  // nobody knows: the memory cannot be had now
};

// Whether the password is the one that was hashed, compared in constant time over the full length (S-35). No for an
// encoded text that is empty, not argon2id, malformed, or asks for more than kArgonMemoryKibMax or kArgonPassesMax
// (S-33).
PasswordMatch verify_password(std::string_view encoded, const base::Secret& password);

// Whether verify_password can read it at all.
bool is_password_hash(std::string_view encoded);

// What it costs; nothing if it cannot be read.
std::optional<PasswordProfile> profile_of(std::string_view encoded);

// A hash that no password opens, for checks on users that do not exist (S-20): the same cost as a real one.
std::string unmatchable_hash(PasswordProfile profile);

}  // namespace backplane::auth
