#include "auth/crypto/random.hpp"

#include <openssl/rand.h>

#include <string_view>

#include "base/check.hpp"

namespace backplane::auth {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Without randomness nothing here can go on safely.
  BP_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

std::uint64_t random_session_id() {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 53) - 1;
  for (;;) {
    std::uint64_t id = 0;
    for (const char byte : random_bytes(sizeof id)) id = id << 8 | static_cast<unsigned char>(byte);
    id &= kMask;
    if (id != 0) return id;
  }
}

base::Secret random_password() {
  constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // no l, o, 0 and 1
  static_assert(kAlphabet.size() == 32);                                      // so that 5 bits choose evenly
  constexpr std::size_t kLetters = 20;
  constexpr std::size_t kGroup = 5;
  std::string password;
  password.reserve(kLetters + kLetters / kGroup);
  const base::Secret choices(random_bytes(kLetters));
  for (std::size_t i = 0; i < kLetters; ++i) {
    if (i != 0 && i % kGroup == 0) password += '-';
    password += kAlphabet[static_cast<unsigned char>(choices.reveal()[i]) & 31U];
  }
  return base::Secret(std::move(password));
}

}  // namespace backplane::auth
