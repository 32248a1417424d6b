#include "dialects/kvmd/validators.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backplane::dialects::kvmd {
namespace {

std::string integer(std::string_view raw, int api_version = 4) {
  const auto found = valid_int(raw, "log seek", 0, api_version);
  if (const auto* refusal = std::get_if<Refusal>(&found)) return "400 " + refusal->text;
  return std::to_string(std::get<std::int64_t>(found));
}

std::string boolean(std::string_view raw) {
  const auto found = valid_bool(raw);
  if (const auto* refusal = std::get_if<Refusal>(&found)) return "400 " + refusal->text;
  return std::get<bool>(found) ? "yes" : "no";
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

}  // namespace
}  // namespace backplane::dialects::kvmd
