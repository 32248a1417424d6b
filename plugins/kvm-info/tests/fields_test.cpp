#include "kvm-info/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace backplane::kvm_info {
namespace {

using Parameter = std::optional<std::string_view>;

// The selected keys, separated by blanks, or "400 " and the text.
std::string select(int version, Parameter fields, Parameter legacy = std::nullopt) {
  const auto result = select_fields(version, fields, legacy);
  if (!result) return std::to_string(result.failure().status) + " " + result.failure().text;
  std::string keys;
  for (const std::string& key : result->keys) keys += (keys.empty() ? "" : " ") + key;
  return keys;
}

bool platform_in_system(Parameter fields, Parameter legacy = std::nullopt) {
  return select_fields(4, fields, legacy)->platform_in_system;
}

constexpr const char* kAll3 = "auth extras fan hw meta system";
constexpr const char* kAll4 = "auth extras fan hw meta node system uptime";
constexpr const char* kAllNew = "auth extras fan health meta node system uptime";

TEST(Fields3, MissingEmptyOrOnlySeparatorsMeansAll) {
  EXPECT_EQ(select(3, std::nullopt), kAll3);
  EXPECT_EQ(select(3, ""), kAll3);
  EXPECT_EQ(select(3, "  "), kAll3);
  EXPECT_EQ(select(3, ", ,\t"), kAll3);
}

TEST(Fields3, AnyCaseAnySeparatorAndDuplicates) {
  EXPECT_EQ(select(3, "auth, META"), "auth meta");
  EXPECT_EQ(select(3, "hw,,hw\tHw  fan"), "fan hw");
}

TEST(Fields3, UnknownNamesAreRefusedWithTheWholeListAsWritten) {
  EXPECT_EQ(select(3, "bogus"), "400 Failed sub-validator on one of the item of ['bogus']");
  EXPECT_EQ(select(3, "system,bogus"), "400 Failed sub-validator on one of the item of ['system', 'bogus']");
  EXPECT_EQ(select(3, "Auth,node"), "400 Failed sub-validator on one of the item of ['Auth', 'node']");
  EXPECT_EQ(select(3, "health"), "400 Failed sub-validator on one of the item of ['health']");
}

TEST(Fields3, ThereIsNoLegacyAndNoLimitOfLength) {
  EXPECT_EQ(select(3, std::nullopt, "0"), kAll3);
  EXPECT_EQ(select(3, std::nullopt, "nonsense"), kAll3);
  EXPECT_EQ(select(3, std::string(600, ',')), kAll3);
}

TEST(Fields4, TheDefaultIsTheOldShape) {
  for (const Parameter legacy : {Parameter(), Parameter("1"), Parameter("YES"), Parameter(" true ")}) {
    EXPECT_EQ(select(4, std::nullopt, legacy), kAll4);
    EXPECT_EQ(select(4, "", legacy), kAll4);
    EXPECT_FALSE(platform_in_system(std::nullopt, legacy));
  }
}

TEST(Fields4, WithoutLegacyHealthAndPlatformStandApart) {
  for (const Parameter legacy : {Parameter("0"), Parameter("no"), Parameter("False")}) {
    EXPECT_EQ(select(4, std::nullopt, legacy), kAllNew);
    EXPECT_EQ(select(4, "", legacy), kAllNew);
    EXPECT_TRUE(platform_in_system(std::nullopt, legacy));
  }
}

TEST(Fields4, HwAndHealthAreSelectedAsInKvmd) {
  EXPECT_EQ(select(4, "hw"), "hw");
  EXPECT_EQ(select(4, "health"), "health");
  EXPECT_EQ(select(4, "hw,health"), "hw");
  EXPECT_EQ(select(4, "health", "0"), "health");
  EXPECT_EQ(select(4, "hw", "0"), "400 Failed sub-validator on one of the item of ['hw']");
  EXPECT_EQ(select(4, "platform"), "400 Failed sub-validator on one of the item of ['platform']");
  EXPECT_EQ(select(4, "platform", "0"), "400 Failed sub-validator on one of the item of ['platform']");
}

TEST(Fields4, SystemCarriesThePlatformUnlessHwDoes) {
  EXPECT_TRUE(platform_in_system("system"));
  EXPECT_FALSE(platform_in_system("system,hw"));
}

TEST(Fields4, LegacyIsABoolInKvmdsWords) {
  const std::string name = "bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])";
  EXPECT_EQ(select(4, "", "ZZ"), "400 The argument 'zz' is not a valid " + name);
  EXPECT_EQ(select(4, "", ""), "400 None argument is not a valid " + name);
  EXPECT_EQ(select(4, "", "  "), "400 None argument is not a valid " + name);
  EXPECT_EQ(select(4, "bogus", "2"), "400 The argument '2' is not a valid " + name);
}

TEST(Fields4, RawLengthsAreLimited) {
  EXPECT_EQ(select(4, std::string(512, ',')), kAll4);
  EXPECT_EQ(select(4, std::string(513, ',')), "400 RAW limit exceed");
  EXPECT_EQ(select(4, "", "1" + std::string(15, ' ')), kAll4);
  EXPECT_EQ(select(4, "", "1" + std::string(16, ' ')), "400 RAW limit exceed");
  std::string umlauts;
  for (int i = 0; i < 512; ++i) umlauts += "\xc3\xbc";  // 512 characters in 1,024 bytes
  EXPECT_THAT(select(4, umlauts), testing::StartsWith("400 Failed sub-validator"));
}

}  // namespace
}  // namespace backplane::kvm_info
