#include "validate/request_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "http/fields.hpp"
#include "http/limits.hpp"
#include "http/target.hpp"

namespace backplane::validate {
namespace {

plugin::ManifestRoute route() {
  plugin::ManifestRoute declared;
  declared.id = "thing";
  declared.method = "POST";
  declared.path = "/things/{name}/{rest...}";
  declared.scope = "things.use";
  declared.body = http::BodyKind::kFields;
  declared.operation_json = R"({
    "parameters": [
      {"name": "name", "in": "path", "required": true, "example": "left lamp"},
      {"name": "state", "in": "query", "required": true, "schema": {"type": "boolean"}},
      {"name": "verbose", "in": "query", "schema": {"type": "boolean"}}],
    "requestBody": {"content": {"application/json": {"schema": {"properties": {
      "level": {"type": "integer", "minimum": 3}, "mode": {"enum": ["fast", "slow"]}}}}}}})";
  return declared;
}

TEST(RequestPlanTest, APlausibleRequestFollowsTheOpenApiOperation) {
  const auto request = make_request({}, route(), plausible_plan(route()));
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->path, "/things/left lamp/1");
  EXPECT_EQ(request->target, "/things/left%20lamp/1?state=true");
  EXPECT_EQ(request->query, "state=true");
  ASSERT_EQ(request->fields.size(), 2u);
  EXPECT_EQ(request->fields[0].value, "3");
  EXPECT_EQ(request->fields[1].value, "fast");
  EXPECT_TRUE(request->principal->may("things.use"));
}

TEST(RequestPlanTest, WithoutAnOperationTheQueryIsEmptyAndParametersAreFilled) {
  plugin::ManifestRoute plain = route();
  plain.operation_json.clear();
  const auto request = make_request({}, plain, plausible_plan(plain));
  EXPECT_EQ(request->path, "/things/1/1");
  EXPECT_EQ(request->query, "");
  EXPECT_TRUE(request->fields.empty());
}

// What the host's own parsers would refuse would never reach a plugin, and finding it there would be a false alarm.
void expect_that_the_host_would_let_it_through(const exchange::Request& request) {
  std::string path;
  std::string_view query;
  ASSERT_TRUE(http::read_target_path(request.target, path, query)) << request.target;
  EXPECT_EQ(path, request.path);
  std::vector<exchange::Field> fields;
  EXPECT_TRUE(http::read_urlencoded(query, fields));
  EXPECT_LE(request.target.size(), http::limits::kTargetBytesMax);
  EXPECT_LE(request.fields.size(), http::limits::kFieldsMax);
  for (const auto& field : request.fields) EXPECT_TRUE(base::valid_text(field.value));
  for (const auto& header : request.headers) EXPECT_EQ(header.value.find_first_of("\r\n"), std::string_view::npos);
}

TEST(RequestPlanTest, HostileAndRandomRequestsAreNoneThatTheHostWouldRefuse) {
  for (const std::string& text : hostile_texts()) {
    expect_that_the_host_would_let_it_through(*make_request({}, route(), hostile_plan(route(), text)));
  }
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    expect_that_the_host_would_let_it_through(*make_request({}, route(), random_plan(route(), random)));
  }
}

}  // namespace
}  // namespace backplane::validate
