// Who sees the passwords that programs have written: administrators, in every form; everybody else gets them masked and
// cannot find them by asking for them (dragonmint.md §3.7, security.md S-37).
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPool = "Pool: 0  URL: stratum+tcp://pool:3333  User: bob  Password: swordfish";
constexpr const char* kHeader = "GET / Authorization: Basic Ym9iOnN3b3JkZmlzaA== done";
constexpr const char* kPoolSecret = "swordfish";
constexpr const char* kHeaderSecret = "Ym9iOnN3b3JkZmlzaA";

class LogsMasks : public LogsTest {
 protected:
  static std::vector<WrittenEntry> entries(std::uint64_t time_us) {
    WrittenEntry with_field = written(time_us + 2, "kvmd.service", "last");
    with_field.fields.emplace_back("POOL_PASSWORD", kPoolSecret);
    return {written(time_us, "cgminer.service", kPool), written(time_us + 1, "cgminer.service", kHeader), with_field};
  }
  // The three entries as that client gets them.
  static std::string three(LogFollower& follower) {
    std::string text;
    for (int i = 0; i < 3; ++i) text += follower.next_entry().value_or("nothing") + "\n";
    return text;
  }
  static void expect_shown(const std::string& text) {
    EXPECT_THAT(text, HasSubstr("Password: swordfish"));
    EXPECT_THAT(text, HasSubstr(std::string("Basic ") + kHeaderSecret));
    EXPECT_THAT(text, HasSubstr("last"));
  }
  static void expect_masked(const std::string& text) {
    EXPECT_THAT(text, HasSubstr("Password: ***"));
    EXPECT_THAT(text, HasSubstr("Basic ***"));
    EXPECT_THAT(text, Not(HasSubstr(kPoolSecret)));
    EXPECT_THAT(text, Not(HasSubstr(kHeaderSecret)));
    EXPECT_THAT(text, HasSubstr("last"));
  }
  const std::uint64_t now_ = now_us();
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsMasks, kHomes, home_name);

TEST_P(LogsMasks, AnAnswerThatEndsIsMaskedForOperators) {
  LogsDaemon service(GetParam(), entries(now_ - support::kSecondUs));
  for (const char* target : {"/api/log", "/api/v1/logs", "/api/v1/logs?format=json", "/api/v1/logs?format=events",
                             "/api/v1/logs?format=export", "/api/v1/logs?level=7", "/api/v1/logs?unit=%2A"}) {
    SCOPED_TRACE(target);
    expect_shown(service.get(target, "admin").body);
    expect_masked(service.get(target, "operator").body);
  }
  expect_shown(service.get("/api/getLogs", "admin").body);
  EXPECT_THAT(service.get("/api/v1/logs?format=json", "admin").body, HasSubstr(R"("POOL_PASSWORD":"swordfish")"));
  EXPECT_THAT(service.get("/api/v1/logs?format=json", "operator").body, HasSubstr(R"("POOL_PASSWORD":"***")"));
}

TEST_P(LogsMasks, BacklogAndFollowedLinesAreMaskedForOperatorsInEveryForm) {
  LogsDaemon service(GetParam(), entries(now_ - support::kSecondUs), ", filtered_followers_max: 20");
  std::vector<std::unique_ptr<LogFollower>> shown;
  std::vector<std::unique_ptr<LogFollower>> masked;
  std::vector<std::string> names;
  const auto follow = [&](const LogForm& form, const std::string& more) {
    names.push_back(form.name + more);
    shown.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("admin"), more));
    if (std::string(form.name) == kStreamForm.name) {
      masked.push_back(nullptr);  // it is for administrators alone
      return;
    }
    masked.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("operator"), more));
  };
  for (const LogForm& form : kSharedForms) follow(form, "");
  for (const LogForm& form : {kTextForm, kJsonForm, kEventsForm, kExportForm, kSocketForm}) follow(form, "&level=7");
  const auto expect_three_each = [&] {
    for (std::size_t i = 0; i < names.size(); ++i) {
      SCOPED_TRACE(names[i]);
      expect_shown(three(*shown[i]));
      if (masked[i]) expect_masked(three(*masked[i]));
    }
  };
  expect_three_each();
  service.files().write("system", entries(now_));
  expect_three_each();
}

TEST_P(LogsMasks, AMaskedValueCannotBeFoundByAskingForIt) {
  LogsDaemon service(GetParam(), entries(now_));
  const auto found = [&](const std::string& query, const std::string& role) {
    return messages_of(service.get("/api/v1/logs?" + query, role).body).size();
  };
  for (const std::string query : {"grep=swordfish", "grep=Password:+s", "grep=Basic+Ym9i"}) {
    EXPECT_EQ(found(query, "admin"), 1U) << query;
    EXPECT_EQ(found(query, "operator"), 0U) << query;
    EXPECT_EQ(found(query + "&level=7", "operator"), 0U) << query;
  }
  // A right guess and a wrong one are refused alike.
  for (const std::string& match :
       {"MESSAGE=" + percent_encoded(kPool), std::string("POOL_PASSWORD=swordfish"),
        std::string("MESSAGE=User:+bob+Password:+wrong"), std::string("POOL_PASSWORD=wrong")}) {
    const Reply refused = service.get("/api/v1/logs?" + match, "operator");
    EXPECT_EQ(refused.status, 400) << match;
    EXPECT_THAT(refused.body, HasSubstr("looks like a credential")) << match;
    EXPECT_THAT(refused.body, Not(HasSubstr(kPoolSecret))) << match;
    EXPECT_EQ(found(match, "admin"), match.ends_with("wrong") ? 0U : 1U) << match;
  }
  EXPECT_EQ(found("grep=Password:", "operator"), 1U);
  EXPECT_EQ(found("grep=Password:+%5C%2A%5C%2A%5C%2A", "operator"), 1U) << "it is searched as it is shown";

  EXPECT_THAT(service.get("/api/v1/logs/fields/POOL_PASSWORD", "admin").body, HasSubstr(kPoolSecret));
  for (const char* field : {"POOL_PASSWORD", "MESSAGE"}) {
    const std::string values = service.get("/api/v1/logs/fields/" + std::string(field), "operator").body;
    EXPECT_THAT(values, HasSubstr("***")) << field;
    EXPECT_THAT(values, Not(HasSubstr(kPoolSecret))) << field;
    EXPECT_THAT(values, Not(HasSubstr(kHeaderSecret))) << field;
  }
}

TEST_P(LogsMasks, AFollowerCannotWaitForAMaskedValue) {
  LogsDaemon service(GetParam(), {written(now_, "cgminer.service", "Password: *** first")});
  LogFollower follower(service.client(), kTextForm, service.as("operator"), "&grep=swordfish%7Clast");
  const LogFollower match(service.client(), kTextForm, service.as("operator"), "&POOL_PASSWORD=swordfish");
  EXPECT_EQ(match.answer().status, 400);
  LogFollower admin(service.client(), kTextForm, service.as("admin"), "&POOL_PASSWORD=swordfish");
  service.files().write("system", entries(now_ + 10));
  EXPECT_EQ(follower.next_message(), "last");
  EXPECT_EQ(admin.next_message(), "last");
}

TEST_P(LogsMasks, TheOwnersRulesMaskAsWell) {
  LogsDaemon service(GetParam(), {written(now_, "a.service", "coin=satoshi Password: swordfish")},
                     ", mask_defaults: false, mask_rules: [\"coin=([a-z]+)\"]");
  EXPECT_THAT(service.get("/api/v1/logs", "operator").body, HasSubstr("coin=*** Password: swordfish"));
  EXPECT_THAT(service.get("/api/v1/logs", "admin").body, HasSubstr("coin=satoshi"));
}

}  // namespace
}  // namespace backplane::integration
