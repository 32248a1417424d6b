#include "log-stream/entry.hpp"

#include <gtest/gtest.h>

namespace backplane::log_stream {
namespace {

TEST(Entry, AValueIsReplacedByAShorterALongerAndNoneWhileTheOthersStay) {
  Entry entry;
  entry.add("A", "first");
  entry.add("B", "second");
  entry.add("C", "third");
  for (const std::string& value : {std::string("x"), std::string(1000, 'y'), std::string()}) {
    entry.set_value(1, value);
    EXPECT_EQ(entry.find("A"), "first");
    EXPECT_EQ(entry.field(1).name, "B");
    EXPECT_EQ(entry.field(1).value, value);
    EXPECT_EQ(entry.field(2).name, "C");
    EXPECT_EQ(entry.find("C"), "third");
  }
  entry.set_value(2, "end");
  entry.set_value(0, "begin");
  entry.add("D", "more");
  EXPECT_EQ(entry.find("A"), "begin");
  EXPECT_EQ(entry.find("C"), "end");
  EXPECT_EQ(entry.find("D"), "more");
}

TEST(Entry, HoldsAnyBytesAndSaysNothingOfWhatItDoesNotHave) {
  Entry entry;
  const std::string value("a\0\xff\n", 4);
  entry.add("A", value);
  EXPECT_EQ(entry.find("A"), value);
  EXPECT_EQ(entry.find("B"), "");
  entry.clear();
  EXPECT_EQ(entry.size(), 0U);
  EXPECT_EQ(entry.find("A"), "");
}

TEST(FieldName, IsWhatJournaldTakes) {
  for (const std::string& name :
       {std::string("MESSAGE"), std::string("_PID"), std::string("A1"), std::string(64, 'A')}) {
    EXPECT_TRUE(is_field_name(name)) << name;
  }
  for (const std::string& name : {std::string(), std::string("1A"), std::string("message"), std::string("A=B"),
                                  std::string("A\nB"), std::string("\xc3\x84"), std::string(65, 'A')}) {
    EXPECT_FALSE(is_field_name(name)) << name;
  }
}

}  // namespace
}  // namespace backplane::log_stream
