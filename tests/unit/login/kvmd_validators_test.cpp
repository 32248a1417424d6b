// kvmd's texts for expire and redirect.
#include "login/kvmd_validators.hpp"

#include <gtest/gtest.h>

#include "auth/kvmd_validators.hpp"

namespace backplane::login {
namespace {

TEST(KvmdValidators, ExpireReadsWhatPythonReads) {
  const std::vector<std::pair<std::string, std::int64_t>> good = {
      {"0", 0},        {"60", 60},   {" 60 ", 60},  {"+60", 60}, {"007", 7},
      {"1_000", 1000}, {"0x10", 16}, {"0XfF", 255}, {"-0", 0},   {"9999999999999999", 9999999999999999}};
  for (const auto& [text, seconds] : good) {
    const auto read = valid_kvmd_expire(text);
    ASSERT_TRUE(read) << text << ": " << read.error().text;
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
    const auto read = valid_kvmd_expire(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().text, message);
    EXPECT_EQ(read.error().code, base::Error::kInvalid);
  }
}

TEST(KvmdValidators, RedirectIsOneOfTheList) {
  const std::vector<std::string> allowed = {"/", "/kvm", "/kvm/"};
  for (const std::string& target : allowed) EXPECT_EQ(valid_kvmd_redirect(target, allowed).value(), target);
  EXPECT_EQ(valid_kvmd_redirect(" /kvm ", allowed).value(), "/kvm");
  EXPECT_EQ(valid_kvmd_redirect("/kvm?x", allowed).error().text, "The argument '/kvm?x' is not a valid login redirect");
  EXPECT_EQ(valid_kvmd_redirect("", allowed).error().text, "The argument '' is not a valid login redirect");
  EXPECT_FALSE(valid_kvmd_redirect("/", {}));
}

}  // namespace
}  // namespace backplane::login
