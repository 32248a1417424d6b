// A client that takes less than comes: it is told how many lines it lost, goes on with the newest, and holds up nobody.
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

constexpr std::size_t kLineBytes = 30'000;
constexpr std::uint64_t kLines = 240;  // seven times what a feed keeps, or a connection takes unread
constexpr std::uint64_t kLinesAtOnce = 10;

// How many entries that one says were lost before it.
std::uint64_t lost_in(const std::string& entry) {
  for (const std::string before : {R"("BACKPLANE_LOST":")", "-- "}) {
    const std::size_t at = entry.find(before);
    if (at != std::string::npos) return std::stoull(entry.substr(at + before.size()));
  }
  return 0;
}

std::uint64_t number_of(const std::string& message) {
  return std::stoull(message);
}

WrittenEntry long_line(std::uint64_t number) {
  return written(now_us(), "cgminer.service", std::to_string(number) + std::string(kLineBytes, 'x'));
}

class LogsSlow : public LogsTest {
 protected:
  // Takes all up to `last`: each number comes once and in order, and what does not come is told of where it is missing.
  static void expect_adds_up(LogFollower& follower, std::uint64_t last) {
    std::uint64_t next = 1;
    std::uint64_t lost = 0;
    while (next <= last) {
      const auto entry = follower.next_entry();
      ASSERT_TRUE(entry) << next;
      if (entry->size() < kLineBytes) {
        const std::uint64_t here = lost_in(*entry);
        EXPECT_GT(here, 0U) << *entry;
        lost += here;
        next += here;
        continue;
      }
      ASSERT_EQ(number_of(message_of(*entry)), next);
      ++next;
    }
    EXPECT_GT(lost, 0U);
    EXPECT_EQ(next, last + 1);
  }
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsSlow, kHomes, home_name);

TEST_P(LogsSlow, ItIsToldHowManyLinesItLostAndGoesOn) {
  LogsDaemon service(GetParam(), {written(now_us() - support::kSecondUs, "cgminer.service", "first")});
  const LogForm forms[] = {kKvmdForm, kStreamForm, kTextForm, kJsonForm, kEventsForm, kSocketForm, kTextSocketForm};
  std::vector<std::unique_ptr<LogFollower>> slow;
  for (const LogForm& form : forms) {
    slow.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("admin")));
    ASSERT_EQ(slow.back()->next_message(), "first") << form.name;
  }
  LogFollower prompt(service.client(), kTextForm, service.as("admin"));
  ASSERT_EQ(prompt.next_message(), "first");
  for (std::uint64_t number = 1; number <= kLines;) {
    std::vector<WrittenEntry> lines;
    for (std::uint64_t i = 0; i < kLinesAtOnce; ++i) lines.push_back(long_line(number + i));
    service.files().write("system", lines);
    for (std::uint64_t i = 0; i < kLinesAtOnce; ++i, ++number) {
      const auto message = prompt.next_message();
      ASSERT_TRUE(message);
      ASSERT_EQ(number_of(*message), number) << "who takes what comes loses nothing";
    }
  }
  for (std::size_t i = 0; i < slow.size(); ++i) {
    SCOPED_TRACE(forms[i].name);
    expect_adds_up(*slow[i], kLines);
  }
  service.files().write("system", {written(now_us(), "cgminer.service", "last")});
  for (std::size_t i = 0; i < slow.size(); ++i) EXPECT_EQ(slow[i]->next_message(), "last") << forms[i].name;
}

TEST_P(LogsSlow, TheExportFormIsNotToldForItsCursorsShowTheGap) {
  LogsDaemon service(GetParam(), {written(now_us() - support::kSecondUs, "cgminer.service", "first")});
  LogFollower slow(service.client(), kExportForm, service.as("admin"));
  LogFollower prompt(service.client(), kTextForm, service.as("admin"));
  ASSERT_EQ(slow.next_message(), "first");
  ASSERT_EQ(prompt.next_message(), "first");
  for (std::uint64_t number = 1; number <= kLines; number += kLinesAtOnce) {
    std::vector<WrittenEntry> lines;
    for (std::uint64_t i = 0; i < kLinesAtOnce; ++i) lines.push_back(long_line(number + i));
    service.files().write("system", lines);
    for (std::uint64_t i = 0; i < kLinesAtOnce; ++i) ASSERT_TRUE(prompt.next_message());
  }
  std::uint64_t received = 0;
  std::uint64_t before = 0;
  while (before != kLines) {
    const auto entry = slow.next_entry();
    ASSERT_TRUE(entry);
    EXPECT_TRUE(entry->starts_with("__CURSOR=")) << entry->substr(0, 100);
    const std::uint64_t number = number_of(message_of(*entry));
    ASSERT_GT(number, before);
    before = number;
    ++received;
  }
  EXPECT_LT(received, kLines);
}

}  // namespace
}  // namespace backplane::integration
