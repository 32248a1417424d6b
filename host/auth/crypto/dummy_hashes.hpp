// What is checked in place of a user who does not exist, so that time tells nobody who does (S-20): hashes that no
// password opens, with the costs of those that are stored.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto/password_hash.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

// While hashes of two costs are stored, each made-up name has one of the two, in the same shares, and goes over to the
// present one at most once, as a user does. I/O thread only.
class DummyHashes {
 public:
  // `key` decides which name has which cost: the same in every process of this instance.
  DummyHashes(PasswordProfile present, base::Secret key);

  // What is stored now.
  void follow(const std::vector<std::string_view>& hashes);
  const std::string& of_name(std::string_view name) const;
  // At the cost of that hash; of_name's if it cannot be read.
  std::string like(std::string_view hash, std::string_view name) const;

 private:
  struct Share {
    std::size_t users = 0;
    std::string hash;
  };

  const PasswordProfile present_;
  const base::Secret key_;
  std::map<PasswordProfile, Share> others_;
  Share of_present_;
};

}  // namespace backplane::auth
