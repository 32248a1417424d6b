#include "exchange/error_style.hpp"

#include <gtest/gtest.h>

#include "dialects/kvmd/answer.hpp"
#include "exchange/dialects/styles.hpp"

namespace backplane::exchange {
namespace {

TEST(ErrorStyle, KvmdRefusalsAreTheContractsBytes) {
  // pikvm.md §4: 116 and 110 bytes.
  const Response unauthorized =
      render_failure(kKvmdStyle, {.error = base::Error::kUnauthorized, .text = "no credential"});
  EXPECT_EQ(unauthorized.status, 401);
  EXPECT_EQ(unauthorized.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(unauthorized.body,
            "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"UnauthorizedError\",\n"
            "        \"error_msg\": \"Unauthorized\"\n    }\n}");
  EXPECT_EQ(unauthorized.body.size(), 116U);
  EXPECT_EQ(render_failure(kKvmdStyle, {.error = base::Error::kForbidden, .text = ""}).body.size(), 110U);
  EXPECT_EQ(dialects::kvmd::answer(dialects::kvmd::Value::Object()).size(), 36U);
}

TEST(ErrorStyle, KvmdValidatorErrorCarriesItsText) {
  const Response response = render_failure(
      kKvmdStyle, {.error = base::Error::kInvalid, .text = "The argument '' is not a valid username characters"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.size(), 151U);  // pikvm.md §4
}

TEST(ErrorStyle, DragonmintRefusalIsHttp200ButOverloadKeepsItsStatus) {
  const Response refused = render_failure(kDragonmintStyle, {.error = base::Error::kForbidden, .text = "why"});
  EXPECT_EQ(refused.status, 200);
  EXPECT_EQ(refused.body, R"({"success":false,"message":"invalid request"})");
  const Response busy =
      render_failure(kDragonmintStyle, {.error = base::Error::kThrottled, .text = "slow down", .retry_after_s = 7});
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.body, R"({"success":false,"message":"slow down"})");
  ASSERT_EQ(busy.headers.size(), 1U);
  EXPECT_EQ(busy.headers[0].name + ": " + busy.headers[0].value, "Retry-After: 7");
}

TEST(ErrorStyle, GravwellAndProblem) {
  EXPECT_EQ(render_failure(kGravwellStyle, {.error = base::Error::kUnauthorized, .text = "x"}).body,
            R"({"Error":"x"})");
  const Response response = render_failure(kProblemStyle, {.error = base::Error::kTimeout, .text = "late"});
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body, R"({"type":"about:blank","title":"Gateway Timeout","status":504,"detail":"late"})");
}

TEST(ErrorStyle, EveryStyleHasANameOfItsOwnAndProblemIsTheFirst) {
  EXPECT_EQ(error_style_names(), (std::vector<std::string_view>{"problem", "kvmd", "dragonmint", "gravwell"}));
  for (const ErrorStyle& style : error_styles()) {
    const ErrorStyle* found = find_error_style(error_styles(), style.name);
    EXPECT_TRUE(found != nullptr && *found == style) << style.name;
  }
  EXPECT_EQ(find_error_style(error_styles(), "Kvmd"), nullptr);
}

TEST(ValidHeader, RefusesInjectionAndTheHostsOwnNames) {
  EXPECT_TRUE(valid_header("X-Timestamp", "12.5"));
  EXPECT_FALSE(valid_header("X-A", "b\r\nSet-Cookie: c"));
  EXPECT_FALSE(valid_header("X A", "b"));
  EXPECT_FALSE(valid_header("", "b"));
  EXPECT_FALSE(valid_header("content-length", "3"));
  EXPECT_FALSE(valid_header("Transfer-Encoding", "chunked"));
}

}  // namespace
}  // namespace backplane::exchange
