#include "auth/crypto/dummy_hashes.hpp"

#include <cstdint>
#include <utility>

#include "auth/crypto/digest.hpp"

namespace backplane::auth {

DummyHashes::DummyHashes(PasswordProfile present, base::Secret key)
    : present_(present), key_(std::move(key)), of_present_{0, unmatchable_hash(present)} {}

void DummyHashes::follow(const std::vector<std::string_view>& hashes) {
  of_present_.users = 0;
  for (auto& [profile, share] : others_) share.users = 0;
  for (const std::string_view hash : hashes) {
    const auto profile = profile_of(hash);
    if (!profile) continue;
    Share& share = *profile == present_ ? of_present_ : others_[*profile];
    if (share.hash.empty()) share.hash = unmatchable_hash(*profile);
    ++share.users;
  }
  std::erase_if(others_, [](const auto& entry) { return entry.second.users == 0; });
}

const std::string& DummyHashes::of_name(std::string_view name) const {
  if (others_.empty()) return of_present_.hash;
  std::size_t users = of_present_.users;
  for (const auto& [profile, share] : others_) users += share.users;
  const Digest digest = hmac_sha256(key_.reveal(), name);
  std::uint64_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
  // The present cost comes first: the more users have it the more names do.
  std::size_t place = number * users >> 32;
  if (place < of_present_.users) return of_present_.hash;
  place -= of_present_.users;
  for (const auto& [profile, share] : others_) {
    if (place < share.users) return share.hash;
    place -= share.users;
  }
  return of_present_.hash;
}

std::string DummyHashes::like(std::string_view hash, std::string_view name) const {
  const auto profile = profile_of(hash);
  return profile ? unmatchable_hash(*profile) : of_name(name);
}

}  // namespace backplane::auth
