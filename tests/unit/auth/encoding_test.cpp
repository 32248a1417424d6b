// Base64, UTF-8, digests and random values.
#include <gtest/gtest.h>

#include <set>

#include "auth/crypto/base64.hpp"
#include "auth/crypto/digest.hpp"
#include "auth/crypto/random.hpp"
#include "base/utf8.hpp"

namespace backplane::auth {
namespace {

TEST(Base64, KnowsTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(encode_base64(plain, Padding::kRequired), coded);
    EXPECT_EQ(decode_base64(coded, Padding::kRequired), plain);
  }
  EXPECT_EQ(encode_base64("fo", Padding::kForbidden), "Zm8");
  EXPECT_EQ(decode_base64("Zm8", Padding::kForbidden), "fo");
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Z", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm9-", "=Zm9", "Zm=v"}) {
    EXPECT_FALSE(decode_base64(text, Padding::kRequired)) << text;
  }
  EXPECT_FALSE(decode_base64("Zg==", Padding::kForbidden));
  EXPECT_FALSE(decode_base64("Z", Padding::kForbidden));
}

TEST(Utf8, CountsCharactersAndRefusesBrokenForms) {
  EXPECT_EQ(base::count_characters("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"), 4U);
  EXPECT_TRUE(base::is_printable_text("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"));
  for (const char* text : {"\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc3", "\xfc", "\x80", "a\n", "\x7f",
                           "\xc2\x85", "\xe0\x80\xaf", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(base::is_printable_text(text));
  }
  EXPECT_FALSE(base::is_printable_text(std::string_view("a\0b", 3)));
}

TEST(Digest, KnowsPublishedVectors) {
  Sha256 sha256;
  const auto hex = [](const Digest& digest) {
    std::string text;
    for (const unsigned char byte : digest) {
      constexpr char kDigits[] = "0123456789abcdef";
      text += kDigits[byte >> 4];
      text += kDigits[byte & 15];
    }
    return text;
  };
  for (int i = 0; i < 2; ++i) {  // the second use of the same object
    EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
  // RFC 4231, test case 2
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Random, S01_PasswordsHaveAHundredBitsAndNeverRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string password = random_password().reveal();
    ASSERT_EQ(password.size(), 23U);
    for (std::size_t at = 0; at < password.size(); ++at) {
      const bool dash = at % 6 == 5;
      ASSERT_EQ(password[at] == '-', dash) << password;
      if (!dash) {
        ASSERT_NE(std::string("abcdefghijkmnpqrstuvwxyz23456789").find(password[at]), std::string::npos);
      }
    }
    ASSERT_TRUE(seen.insert(password).second);
  }
}

TEST(Random, SessionNumbersAreExactInJson) {
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t id = random_session_id();
    ASSERT_GT(id, 0U);
    ASSERT_EQ(static_cast<std::uint64_t>(static_cast<double>(id)), id);
  }
}

}  // namespace
}  // namespace backplane::auth
