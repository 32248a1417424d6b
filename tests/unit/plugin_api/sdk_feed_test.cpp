// What the SDK makes of feeds, driven through the C tables of a built plugin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/loaded_instance.hpp"

namespace backplane::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kWell = R"({"behaviour": "well"})";

class SdkFeeds : public testing::Test {
 protected:
  FakeHost host_;
  LoadedInstance probe_{PROBE_PLUGIN, host_, kWell};
};

TEST_F(SdkFeeds, the_table_names_the_feeds_of_the_class) {
  ASSERT_EQ(probe_.feed().feed_count, 2u);
  EXPECT_STREQ(probe_.feed().feeds[0], "lines");
  EXPECT_STREQ(probe_.feed().feeds[1], "frames");
}

TEST_F(SdkFeeds, every_call_reaches_the_host_whole) {
  probe_.request(5, "follow");
  EXPECT_THAT(host_.feed_calls(), ElementsAre("publish 1 early ", "attach 5 1 0 data: |\n\n|: {count} lost\n\n",
                                              "publish 1 one place 1", "subscribe 7 camera/frames", "unsubscribe 7"));
}

TEST_F(SdkFeeds, demand_and_items_reach_the_plugin_whole) {
  probe_.demand(1, true, "place 1");
  probe_.demand(1, false, "");
  probe_.item(7, "an item", "place 2", 3);
  EXPECT_THAT(host_.log(),
              ElementsAre("demand 1 wanted 'place 1'", "demand 1 unwanted ''", "item 7 an item 'place 2' lost 3"));
}

TEST_F(SdkFeeds, an_exception_costs_one_item) {
  probe_.item(7, "", "", 0);
  probe_.item(7, "next", "", 0);
  EXPECT_THAT(host_.log(), ElementsAre("on_item: an empty item", HasSubstr("item 7 next")));
  EXPECT_THAT(host_.metrics(), Contains(Pair("callback_exceptions", 1)));
}

TEST(SdkFeedsHost, one_without_feeds_is_coped_with) {
  FakeHost host({BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HEALTH, BP_EXT_HOST});
  LoadedInstance probe(PROBE_PLUGIN, host, kWell);
  probe.request(5, "follow");
  EXPECT_THAT(host.feed_calls(), IsEmpty());
}

}  // namespace
}  // namespace backplane::test
