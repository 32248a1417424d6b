#include "auth/kvmd_validators.hpp"

#include <gtest/gtest.h>

namespace backplane::auth {
namespace {

TEST(KvmdValidators, UserNames) {
  EXPECT_EQ(*valid_kvmd_user("admin"), "admin");
  EXPECT_EQ(*valid_kvmd_user("  admin\t"), "admin");
  EXPECT_EQ(*valid_kvmd_user("_a.b@c-d"), "_a.b@c-d");
  EXPECT_EQ(*valid_kvmd_user("a"), "a");
  EXPECT_EQ(valid_kvmd_user("Admin!").error().text, "The argument 'Admin!' is not a valid username characters");
  EXPECT_EQ(valid_kvmd_user("").error().text, "The argument '' is not a valid username characters");
  EXPECT_EQ(valid_kvmd_user(" x y ").error().text, "The argument 'x y' is not a valid username characters");
  for (const char* name : {"1a", "a.", "a@", "-a", ".a", "A", "a b", "a/b", "\xc3\xbc"}) {
    const auto checked = valid_kvmd_user(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, base::Error::kInvalid);
  }
}

TEST(KvmdValidators, RawLimitsCountCharacters) {
  EXPECT_TRUE(valid_kvmd_user(std::string(128, 'a')));
  EXPECT_EQ(valid_kvmd_user(std::string(129, 'a')).error().text, "RAW limit exceed");
  std::string umlauts;
  for (int i = 0; i < 512; ++i) umlauts += "\xc3\xbc";
  EXPECT_TRUE(valid_kvmd_password(umlauts));
  EXPECT_EQ(valid_kvmd_password(umlauts + "x").error().text, "RAW limit exceed");
  EXPECT_EQ(valid_kvmd_token(std::string(129, 'a')).error().text, "RAW limit exceed");
  EXPECT_EQ(valid_kvmd_token(std::string(128, 'a')).error().text, "The argument is not a valid auth token");
}

TEST(KvmdValidators, PasswordsAreUtf8WithoutControlCharactersAndNeverShown) {
  EXPECT_EQ(valid_kvmd_password("")->reveal(), "");
  EXPECT_EQ(valid_kvmd_password(" a:b ")->reveal(), " a:b ");
  EXPECT_EQ(valid_kvmd_password("\xc3\xbc")->reveal(), "\xc3\xbc");
  for (const char* password : {"a\nb", "\x7f", "\x1b[0m", "\xfc"}) {
    EXPECT_EQ(valid_kvmd_password(password).error().text, "The argument is not a valid passwd characters");
  }
}

TEST(KvmdValidators, S35_TokensAreExactly64LowerCaseHexDigits) {
  const std::string token(64, 'a');
  EXPECT_EQ(*valid_kvmd_token(token), token);
  EXPECT_EQ(*valid_kvmd_token(" " + token + " "), token);
  for (const std::string& bad :
       {std::string("zzz"), token.substr(1), token + "a", std::string(64, 'A'), std::string(64, 'g'), std::string()}) {
    EXPECT_EQ(valid_kvmd_token(bad).error().text, "The argument is not a valid auth token") << bad;
  }
}

TEST(KvmdValidators, QuotesAsPythonDoes) {
  EXPECT_EQ(python_repr("it's"), "\"it's\"");
  EXPECT_EQ(python_repr("it's \"x\""), "'it\\'s \"x\"'");
  EXPECT_EQ(python_repr("a\\b\n\t\r\x01\x7f"), "'a\\\\b\\n\\t\\r\\x01\\x7f'");
  EXPECT_EQ(python_repr("\xc3\xbc\xfc"), "'\xc3\xbc\\udcfc'");
}

}  // namespace
}  // namespace backplane::auth
