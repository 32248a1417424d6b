// What a plugin that does not come round to its messages may cost the host.
#include "link/wire/plugin_queue.hpp"

#include <gtest/gtest.h>

#include "feed/limits.hpp"
#include "link/limits.hpp"

namespace backplane::link {
namespace {

TEST(PluginQueue, OfAFeedsDemandOnlyTheLatestWaits) {
  PluginQueue queue;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(queue.send({Code::kDemand, 0, Demand{i % 2 == 0, 1, "place"}}));
    ASSERT_TRUE(queue.send({Code::kDemand, 1, Demand{i % 2 != 0, 2, ""}}));
  }
  std::vector<Message> batch;
  queue.take(batch);
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_FALSE(std::get<Demand>(batch[0].payload).wanted);
  EXPECT_TRUE(std::get<Demand>(batch[1].payload).wanted);
}

TEST(PluginQueue, DemandThatWasReplacedHoldsNoRequestUp) {
  PluginQueue queue;
  const std::string id(feed::limits::kFeedItemIdBytesMax, 'i');
  for (std::size_t i = 0; i < limits::kLinkBytesMax / id.size(); ++i)
    queue.send({Code::kDemand, 0, Demand{true, 0, id}});
  EXPECT_TRUE(queue.send({Code::kConfig, 1, Config{"{}"}}));
}

}  // namespace
}  // namespace backplane::link
