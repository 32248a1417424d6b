#include "auth/crypto/password_hash.hpp"

#include <argon2.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

namespace backplane::auth {
namespace {

constexpr PasswordProfile kCheap{8, 1};

base::Secret secret(std::string text) {
  return base::Secret(std::move(text));
}

bool matches(std::string_view encoded, const base::Secret& password) {
  return verify_password(encoded, password) == PasswordMatch::kYes;
}

TEST(PasswordHash, S21_IsArgon2idThatTheReferenceAccepts) {
  const std::string password = "p\xc3\xa4ssword with spaces";
  const std::string encoded = hash_password(secret(password), kCheap);
  EXPECT_EQ(encoded.find("$argon2id$v=19$m=8,t=1,p=1$"), 0U);
  EXPECT_EQ(argon2id_verify(encoded.c_str(), password.data(), password.size()), ARGON2_OK);
}

TEST(PasswordHash, S21_AcceptsWhatTheReferenceMadeWithTheProductsProfiles) {
  for (const PasswordProfile profile : {kDefaultProfile, kSmallProfile}) {
    char encoded[128];
    const std::string salt(16, 's');
    ASSERT_EQ(argon2id_hash_encoded(profile.passes, profile.memory_kib, 1, "password", 8, salt.data(), salt.size(), 32,
                                    encoded, sizeof encoded),
              ARGON2_OK);
    EXPECT_TRUE(matches(encoded, secret("password")));
    EXPECT_FALSE(matches(encoded, secret("passwore")));
  }
}

TEST(PasswordHash, S21_TwoHashesOfOnePasswordDiffer) {
  EXPECT_NE(hash_password(secret("password"), kCheap), hash_password(secret("password"), kCheap));
}

TEST(PasswordHash, S35_OnlyTheWholePasswordMatches) {
  const std::string encoded = hash_password(secret("password"), kCheap);
  EXPECT_TRUE(matches(encoded, secret("password")));
  for (const char* wrong : {"", "p", "passwor", "password ", " password", "passwordpassword", "Password", "assword"}) {
    EXPECT_FALSE(matches(encoded, secret(wrong))) << wrong;
  }
  EXPECT_FALSE(matches(encoded, secret(std::string("password\0", 9))));
}

TEST(PasswordHash, S33_WhatIsNoWholeHashDenies) {
  const std::string encoded = hash_password(secret("password"), kCheap);
  ASSERT_TRUE(matches(encoded, secret("password")));
  std::vector<std::string> bad = {"",
                                  "*",
                                  "!",
                                  "x",
                                  "password",
                                  "$argon2id$",
                                  encoded.substr(0, encoded.size() - 1),
                                  encoded + "A",
                                  "!" + encoded,
                                  encoded + "$",
                                  encoded.substr(0, encoded.rfind('$')),
                                  encoded.substr(0, encoded.rfind('$') + 1),
                                  std::string(10'000, '$')};
  std::string other = encoded;
  bad.push_back(other.replace(0, 9, "$argon2i$"));
  other = encoded;
  bad.push_back(other.replace(other.find("v=19"), 4, "v=16"));
  other = encoded;
  bad.push_back(other.replace(other.find("p=1"), 3, "p=2"));
  other = encoded;
  bad.push_back(other.replace(other.find("t=1"), 3, "t=0"));
  other = encoded;
  bad.push_back(other.replace(other.find("m=8"), 3, "m=-8"));
  for (const std::string& hash : bad) {
    EXPECT_FALSE(matches(hash, secret("password"))) << hash;
    EXPECT_FALSE(matches(hash, secret(""))) << hash;
  }
}

TEST(PasswordHash, AHostileFileCannotAskForAllMemoryOrTime) {
  // Right hashes in every other way: only the parameters are over the bound.
  const std::string salt(16, 's');
  char encoded[128];
  ASSERT_EQ(argon2id_hash_encoded(17, 8, 1, "password", 8, salt.data(), salt.size(), 32, encoded, sizeof encoded),
            ARGON2_OK);
  EXPECT_FALSE(matches(encoded, secret("password")));
  ASSERT_EQ(argon2id_hash_encoded(1, 65537, 1, "password", 8, salt.data(), salt.size(), 32, encoded, sizeof encoded),
            ARGON2_OK);
  EXPECT_FALSE(matches(encoded, secret("password")));
}

TEST(PasswordHash, S20_TheHashOfNobodyAsksForTheSameWorkAndMatchesNothing) {
  const std::string nobody = unmatchable_hash(kCheap);
  const std::string somebody = hash_password(secret("password"), kCheap);
  EXPECT_EQ(nobody.size(), somebody.size());
  EXPECT_EQ(nobody.substr(0, 27), somebody.substr(0, 27));
  EXPECT_FALSE(matches(nobody, secret("")));
  EXPECT_FALSE(matches(nobody, secret("password")));
}

// Holds the process to the address space that it has.
class NoMoreMemory {
 public:
  NoMoreMemory() {
    ::getrlimit(RLIMIT_AS, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_AS, &none);
  }
  ~NoMoreMemory() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(PasswordHash, WithoutMemoryAPasswordIsNeitherRightNorWrong) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer itself needs memory";
#endif
  const base::Secret password = secret("password");
  const std::string encoded = hash_password(password, kDefaultProfile);
  PasswordMatch match = PasswordMatch::kYes;
  std::string hash = "some";
  {
    const NoMoreMemory limit;
    match = verify_password(encoded, password);
    hash = hash_password(password, kDefaultProfile);
  }
  EXPECT_EQ(match, PasswordMatch::kNoMemory);
  EXPECT_EQ(hash, "");
  EXPECT_TRUE(matches(encoded, password));
}

}  // namespace
}  // namespace backplane::auth
