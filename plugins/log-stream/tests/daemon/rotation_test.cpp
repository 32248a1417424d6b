// The journal's files change under followers: rotated, new, archived ones deleted. No line is lost that is still there,
// and none comes twice.
#include <filesystem>

#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAre;

class LogsRotation : public LogsTest {
 protected:
  LogsDaemon& start(const std::vector<WrittenEntry>& entries) { return service_.emplace(GetParam(), entries); }
  void follow_all(LogsDaemon& service) {
    for (const LogForm& form : kSharedForms) follow(service, form, "");
    follow(service, kTextForm, "&level=7");
    follow(service, kSocketForm, "&level=7");
  }
  void follow(LogsDaemon& service, const LogForm& form, const std::string& more) {
    names_.push_back(form.name + more);
    followers_.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("admin"), more));
  }
  template <class Matcher>
  void expect_until(const std::string& last, const Matcher& matcher) {
    for (std::size_t i = 0; i < followers_.size(); ++i) {
      EXPECT_THAT(followers_[i]->messages_until(last), matcher) << names_[i];
    }
  }
  // As journald: the file gets another name, and the next entry makes a new one.
  static void rotate(const JournalFiles& files, const std::string& archived) {
    std::filesystem::rename(files.file("system"), files.file(archived));
  }
  // In the present boot, so that /api/log has it as well.
  std::vector<WrittenEntry> messages(std::uint64_t first, std::uint64_t end) const {
    std::vector<WrittenEntry> entries = support::said_in_turn(first, end - first);
    for (WrittenEntry& entry : entries) {
      entry.begin_us = begin_us_;
      entry.boot_id = present_boot();
    }
    return entries;
  }

  const std::uint64_t begin_us_ = now_us() - 3600 * support::kSecondUs;
  std::optional<LogsDaemon> service_;  // gone after its followers, for which it would wait
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<LogFollower>> followers_;
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsRotation, kHomes, home_name);

TEST_P(LogsRotation, FollowersGoOnFromFileToFile) {
  LogsDaemon& service = start(messages(0, 2));
  follow_all(service);
  expect_until("message 1", ElementsAre("message 0", "message 1"));
  service.files().write("system", messages(2, 4));
  rotate(service.files(), "system@1");
  service.files().write("system", messages(4, 6));
  expect_until("message 5", ElementsAre("message 2", "message 3", "message 4", "message 5"));
  rotate(service.files(), "system@2");
  service.files().write("system", messages(6, 7));
  std::filesystem::remove(service.files().file("system@1"));
  service.files().write("system", messages(7, 8));
  expect_until("message 7", ElementsAre("message 6", "message 7"));
  std::filesystem::remove(service.files().file("system@2"));
  service.files().write("user-1000", messages(8, 9));
  service.files().write("system", messages(9, 10));
  expect_until("message 9", ElementsAre("message 8", "message 9"));
}

TEST_P(LogsRotation, FollowersGoOnWhereAllFilesThatTheyReadAreGone) {
  LogsDaemon& service = start(messages(0, 2));
  follow_all(service);
  expect_until("message 1", ElementsAre("message 0", "message 1"));
  std::filesystem::remove(service.files().file("system"));
  service.files().write("new", messages(2, 4));
  expect_until("message 3", ElementsAre("message 2", "message 3"));
}

TEST_P(LogsRotation, AFileThatIsRemovedDuringABacklogEndsNoAnswer) {
  LogsDaemon& service = start(messages(0, 3000));
  service.files().write("later", messages(3000, 3010));
  LogFollower follower(service.client(), kJsonForm, service.as("admin"));
  EXPECT_EQ(follower.next_message(), "message 0");
  std::filesystem::remove(service.files().file("system"));
  service.files().write("later", messages(3010, 3012));
  const std::vector<std::string> rest = follower.messages_until("message 3011");
  ASSERT_GE(rest.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(rest[rest.size() - 12 + i], "message " + std::to_string(3000 + i));
  }
  EXPECT_EQ(std::set<std::string>(rest.begin(), rest.end()).size(), rest.size()) << "none came twice";
}

}  // namespace
}  // namespace backplane::integration
