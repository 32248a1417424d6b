#include "config/yaml/scalar.hpp"

#include <gtest/gtest.h>

namespace backplane::config {
namespace {

struct Row {
  const char* text;
  ScalarKind kind;
  const char* json;
};

TEST(Scalar, FollowsTheCoreSchemaOfYaml12) {
  const Row rows[] = {
      {"true", ScalarKind::kBoolean, "true"},
      {"False", ScalarKind::kBoolean, "false"},
      {"on", ScalarKind::kText, ""},
      {"yes", ScalarKind::kText, ""},
      {"~", ScalarKind::kNull, "null"},
      {"Null", ScalarKind::kNull, "null"},
      {"", ScalarKind::kNull, "null"},
      {"0", ScalarKind::kInteger, "0"},
      {"-0", ScalarKind::kInteger, "0"},
      {"+7", ScalarKind::kInteger, "7"},
      {"007", ScalarKind::kInteger, "7"},
      {"-12", ScalarKind::kInteger, "-12"},
      {"0x1F", ScalarKind::kInteger, "31"},
      {"0o17", ScalarKind::kInteger, "15"},
      {"0o18", ScalarKind::kText, ""},
      {"0x", ScalarKind::kText, ""},
      {"0x-1", ScalarKind::kText, ""},
      {"1_000", ScalarKind::kText, ""},
      {"18446744073709551615", ScalarKind::kInteger, "18446744073709551615"},
      {"18446744073709551616", ScalarKind::kNotFinite, ""},
      {"-9223372036854775809", ScalarKind::kNotFinite, ""},
      {"1.5", ScalarKind::kFloat, "1.5"},
      {".5", ScalarKind::kFloat, "0.5"},
      {"5.", ScalarKind::kFloat, "5.0"},
      {"-00.25", ScalarKind::kFloat, "-0.25"},
      {"1e3", ScalarKind::kFloat, "1000.0"},
      {"1E+3", ScalarKind::kFloat, "1000.0"},
      {"1e999", ScalarKind::kNotFinite, ""},
      {".inf", ScalarKind::kNotFinite, ""},
      {"-.INF", ScalarKind::kNotFinite, ""},
      {".nan", ScalarKind::kNotFinite, ""},
      {".", ScalarKind::kText, ""},
      {"-", ScalarKind::kText, ""},
      {"+", ScalarKind::kText, ""},
      {"1e", ScalarKind::kText, ""},
      {"e3", ScalarKind::kText, ""},
      {"1.2.3", ScalarKind::kText, ""},
      {"12:30", ScalarKind::kText, ""},
      {"2001-01-01", ScalarKind::kText, ""},
      {"/dev/video0", ScalarKind::kText, ""},
  };
  for (const Row& row : rows) {
    const Scalar scalar = read_plain_scalar(row.text);
    EXPECT_EQ(scalar.kind, row.kind) << row.text;
    const bool has_value = scalar.kind != ScalarKind::kText && scalar.kind != ScalarKind::kNotFinite;
    EXPECT_EQ(has_value ? write_json(scalar.value) : "", row.json) << row.text;
  }
}

}  // namespace
}  // namespace backplane::config
