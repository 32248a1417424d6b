#include "http/target.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/malformed_requests.hpp"

namespace backplane::http {
namespace {

std::string path_of(std::string_view target) {
  std::string path;
  std::string_view query;
  return read_target_path(target, path, query) ? path : "refused";
}

TEST(Target, SplitsPathAndQueryAndDecodesThePathOnly) {
  std::string path = "old";
  std::string_view query;
  ASSERT_TRUE(read_target_path("/a%20b/%C3%A9?x=%20?y", path, query));
  EXPECT_EQ(path, "/a b/\xc3\xa9");
  EXPECT_EQ(query, "x=%20?y");
  ASSERT_TRUE(read_target_path("/plain", path, query));
  EXPECT_EQ(path, "/plain");
  EXPECT_EQ(query, "");
}

TEST(Target, SlashesThatAreTooManyAreTheSameRoute) {
  EXPECT_EQ(path_of("/api/info/"), "/api/info");
  EXPECT_EQ(path_of("//api///info//?x=/"), "/api/info");
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("//"), "/");
  EXPECT_EQ(path_of("/?a"), "/");
  EXPECT_EQ(path_of("*"), "*");
}

TEST(Target, S32_PathsThatMeanTwoThingsAreRefused) {
  for (const char* target : {"", "a", "?x"}) EXPECT_EQ(path_of(target), "refused") << target;
  for (const std::string& target : support::ambiguous_paths()) EXPECT_EQ(path_of(target), "refused") << target;
}

TEST(Target, DotsInsideANameAreNothingSpecial) {
  EXPECT_EQ(path_of("/..a/.b/c..d/..."), "/..a/.b/c..d/...");
  EXPECT_EQ(path_of("/%252e%252e"), "/%2e%2e");
}

}  // namespace
}  // namespace backplane::http
