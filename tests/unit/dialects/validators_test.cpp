#include "dialects/kvmd/validators.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace backplane::dialects::kvmd {
namespace {

std::string integer(std::string_view raw, int api_version = 4) {
  const auto found = valid_int(raw, "log seek", 0, api_version);
  if (!found) return std::to_string(found.failure().status) + " " + found.failure().text;
  return std::to_string(*found);
}

std::string boolean(std::string_view raw) {
  const auto found = valid_bool(raw);
  if (!found) return std::to_string(found.failure().status) + " " + found.failure().text;
  return *found ? "yes" : "no";
}

TEST(KvmdInteger, IsReadAsPythonReadsIt) {
  EXPECT_EQ(integer("0"), "0");
  EXPECT_EQ(integer(" 120\n"), "120");
  EXPECT_EQ(integer("+7"), "7");
  EXPECT_EQ(integer("1_000"), "1000");
  EXPECT_EQ(integer("0007"), "7");
}

TEST(KvmdInteger, IsHexadecimalWithVersionFourAlone) {
  EXPECT_EQ(integer("0x10"), "16");
  EXPECT_EQ(integer("0x10", 3), "400 The argument '0x10' is not a valid log seek");
}

TEST(KvmdInteger, ThatIsNoneIsRefusedInKvmdsWords) {
  EXPECT_EQ(integer("abc"), "400 The argument 'abc' is not a valid log seek");
  EXPECT_EQ(integer("1.5"), "400 The argument '1.5' is not a valid log seek");
  EXPECT_EQ(integer("1__0"), "400 The argument '1__0' is not a valid log seek");
  EXPECT_EQ(integer("+-1"), "400 The argument '+-1' is not a valid log seek");
  EXPECT_EQ(integer("0x"), "400 The argument '0x' is not a valid log seek");
  EXPECT_EQ(integer(""), "400 None argument is not a valid log seek");
  EXPECT_EQ(integer("  "), "400 None argument is not a valid log seek");
  EXPECT_EQ(integer("-1"), "400 The argument '-1' must be log seek and greater or equial than 0");
}

TEST(KvmdInteger, IsBoundedInLengthWithVersionFourAndInValueWithVersionThree) {
  EXPECT_EQ(integer(std::string(17, '1')), "400 RAW limit exceed");
  EXPECT_EQ(integer(std::string(40, '9'), 3), "9223372036854775807");
}

TEST(KvmdBoolean, TakesItsWordsInAnyCaseAndNothingElse) {
  EXPECT_EQ(boolean("1"), "yes");
  EXPECT_EQ(boolean(" Yes "), "yes");
  EXPECT_EQ(boolean("FALSE"), "no");
  EXPECT_EQ(boolean("zz"), "400 The argument 'zz' is not a valid bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])");
  EXPECT_EQ(boolean(""), "400 None argument is not a valid bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])");
  EXPECT_EQ(boolean(std::string(17, '1')), "400 RAW limit exceed");
}

TEST(KvmdValidators, UserNames) {
  EXPECT_EQ(*valid_user("admin"), "admin");
  EXPECT_EQ(*valid_user("  admin\t"), "admin");
  EXPECT_EQ(*valid_user("_a.b@c-d"), "_a.b@c-d");
  EXPECT_EQ(*valid_user("a"), "a");
  EXPECT_EQ(valid_user("Admin!").failure().text, "The argument 'Admin!' is not a valid username characters");
  EXPECT_EQ(valid_user("").failure().text, "The argument '' is not a valid username characters");
  EXPECT_EQ(valid_user(" x y ").failure().text, "The argument 'x y' is not a valid username characters");
  for (const char* name : {"1a", "a.", "a@", "-a", ".a", "A", "a b", "a/b", "\xc3\xbc"}) {
    const auto checked = valid_user(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.failure().status, 400);
  }
}

TEST(KvmdValidators, RawLimitsCountCharacters) {
  EXPECT_TRUE(valid_user(std::string(128, 'a')));
  EXPECT_EQ(valid_user(std::string(129, 'a')).failure().text, "RAW limit exceed");
  std::string umlauts;
  for (int i = 0; i < 512; ++i) umlauts += "\xc3\xbc";
  EXPECT_TRUE(valid_password(umlauts));
  EXPECT_EQ(valid_password(umlauts + "x").failure().text, "RAW limit exceed");
  EXPECT_EQ(valid_token(std::string(129, 'a')).failure().text, "RAW limit exceed");
  EXPECT_EQ(valid_token(std::string(128, 'a')).failure().text, "The argument is not a valid auth token");
}

TEST(KvmdValidators, PasswordsAreUtf8WithoutControlCharactersAndNeverShown) {
  EXPECT_EQ(*valid_password(""), "");
  EXPECT_EQ(*valid_password(" a:b "), " a:b ");
  EXPECT_EQ(*valid_password("\xc3\xbc"), "\xc3\xbc");
  for (const char* password : {"a\nb", "\x7f", "\x1b[0m", "\xfc"}) {
    EXPECT_EQ(valid_password(password).failure().text, "The argument is not a valid passwd characters");
  }
}

TEST(KvmdValidators, S35_TokensAreExactly64LowerCaseHexDigits) {
  const std::string token(64, 'a');
  EXPECT_EQ(*valid_token(token), token);
  EXPECT_EQ(*valid_token(" " + token + " "), token);
  for (const std::string& bad :
       {std::string("zzz"), token.substr(1), token + "a", std::string(64, 'A'), std::string(64, 'g'), std::string()}) {
    EXPECT_EQ(valid_token(bad).failure().text, "The argument is not a valid auth token") << bad;
  }
}

TEST(KvmdValidators, QuotesAsPythonDoes) {
  EXPECT_EQ(python_repr("it's"), "\"it's\"");
  EXPECT_EQ(python_repr("it's \"x\""), "'it\\'s \"x\"'");
  EXPECT_EQ(python_repr("a\\b\n\t\r\x01\x7f"), "'a\\\\b\\n\\t\\r\\x01\\x7f'");
  EXPECT_EQ(python_repr("\xc3\xbc\xfc"), "'\xc3\xbc\\udcfc'");
}

TEST(KvmdValidators, ExpireReadsWhatPythonReads) {
  const std::vector<std::pair<std::string, std::int64_t>> good = {
      {"0", 0},        {"60", 60},   {" 60 ", 60},  {"+60", 60}, {"007", 7},
      {"1_000", 1000}, {"0x10", 16}, {"0XfF", 255}, {"-0", 0},   {"9999999999999999", 9999999999999999}};
  for (const auto& [text, seconds] : good) {
    const auto read = valid_int(text, "expiration time", 0, 4);
    ASSERT_TRUE(read) << text << ": " << read.failure().text;
    EXPECT_EQ(*read, seconds) << text;
  }
}

TEST(KvmdValidators, ExpireRefusesWithKvmdsTexts) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "None argument is not a valid expiration time"},
      {"  ", "None argument is not a valid expiration time"},
      {"abc", "The argument 'abc' is not a valid expiration time"},
      {"1.5", "The argument '1.5' is not a valid expiration time"},
      {"1 2", "The argument '1 2' is not a valid expiration time"},
      {"_1", "The argument '_1' is not a valid expiration time"},
      {"1__0", "The argument '1__0' is not a valid expiration time"},
      {"--1", "The argument '--1' is not a valid expiration time"},
      {"+-1", "The argument '+-1' is not a valid expiration time"},
      {"-", "The argument '-' is not a valid expiration time"},
      {"0x", "The argument '0x' is not a valid expiration time"},
      {"0x-1", "The argument '0x-1' is not a valid expiration time"},
      {"it's", "The argument \"it's\" is not a valid expiration time"},
      {"-1", "The argument '-1' must be expiration time and greater or equial than 0"},
      {"-0x10", "The argument '-16' must be expiration time and greater or equial than 0"},
      {"00000000000000000", "RAW limit exceed"}};
  for (const auto& [text, message] : bad) {
    const auto read = valid_int(text, "expiration time", 0, 4);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.failure().text, message);
    EXPECT_EQ(read.failure().status, 400);
  }
}

TEST(KvmdValidators, RedirectIsOneOfTheList) {
  const std::vector<std::string> allowed = {"/", "/kvm", "/kvm/"};
  for (const std::string& target : allowed) EXPECT_EQ(*valid_choice(target, "login redirect", allowed), target);
  EXPECT_EQ(*valid_choice(" /kvm ", "login redirect", allowed), "/kvm");
  EXPECT_EQ(valid_choice("/kvm?x", "login redirect", allowed).failure().text,
            "The argument '/kvm?x' is not a valid login redirect");
  EXPECT_EQ(valid_choice("", "login redirect", allowed).failure().text,
            "The argument '' is not a valid login redirect");
  EXPECT_FALSE(valid_choice("/", "login redirect", {}));
}

}  // namespace
}  // namespace backplane::dialects::kvmd
