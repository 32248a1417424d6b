#include "link/wire/metric_text.hpp"

#include <gtest/gtest.h>

#include "link/plugin_side/abi_values.hpp"
#include "link/plugin_side/metric_names.hpp"

namespace backplane::link {
namespace {

TEST(MetricText, ANameIsLowerCaseDigitsAndUnderlinesAndStartsWithNoDigit) {
  for (const char* name : {"a", "_", "frames_total", "_0"}) EXPECT_TRUE(valid_metric_name(name)) << name;
  for (const char* name : {"", "0a", "A", "a-b", "a b", "ä", "a\n"}) EXPECT_FALSE(valid_metric_name(name)) << name;
}

TEST(MetricText, TheInstanceIsTheHostsOwnLabel) {
  EXPECT_TRUE(valid_metric_name("instance"));
  EXPECT_FALSE(valid_label_name("instance"));
  EXPECT_TRUE(valid_label_name("instances"));
}

TEST(MetricText, WhateverValueALabelHasItsTextIsValid) {
  for (const char* value : {"", "plain", "\"", "\\", "\n", "\\n", "a,b=\"c\"", "ü", "\x01\t", "\\\"\n\\"}) {
    const bp_field labels[] = {{to_bytes("first"), to_bytes(value)}, {to_bytes("second"), to_bytes(value)}};
    MetricNames names;
    std::uint64_t number = 0;
    std::string text;
    ASSERT_EQ(names.find("a", {labels, 2, sizeof(bp_field)}, number, text), BP_OK) << value;
    EXPECT_TRUE(valid_labels_text(text)) << text;
  }
}

TEST(MetricText, LabelsAreNamesAndEscapedValues) {
  for (const char* text : {"", R"(a="")", R"(a="b")", R"(a="b",c="d")", R"(a="\\\"\n")", R"(a="}, {")"}) {
    EXPECT_TRUE(valid_labels_text(text)) << text;
  }
  for (const char* text :
       {"a", "a=", "a=b", R"(a=")", R"(a="b)", R"(="b")", R"(a="b",)", R"(,a="b")", R"(a="b"c="d")", R"(a="b" )",
        R"(a="b",,c="d")", R"(A="b")", R"(a="\t")", R"(a="\)", R"(a="b\")", "a=\"\n\"", R"(a="b"} 1)", "a=\"\xff\""}) {
    EXPECT_FALSE(valid_labels_text(text)) << text;
  }
}

TEST(MetricText, ALabelStandsOnceAndIsNotTheHosts) {
  EXPECT_FALSE(valid_labels_text(R"(a="b",c="d",a="e")"));
  EXPECT_FALSE(valid_labels_text(R"(instance="other")"));
}

}  // namespace
}  // namespace backplane::link
