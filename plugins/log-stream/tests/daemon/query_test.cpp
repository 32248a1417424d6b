// GET /api/v1/logs of the real daemon: its parameters and headers, the lists of boots and of values, and errors that
// name what is wrong.
#include <simdjson.h>

#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t kHourUs = 3600 * support::kSecondUs;

class LogsQuery : public LogsTest {
 protected:
  static WrittenEntry with_priority(WrittenEntry entry, const std::string& priority) {
    for (auto& [name, value] : entry.fields) value = name == "PRIORITY" ? priority : value;
    return entry;
  }
  void SetUp() override {
    LogsTest::SetUp();
    if (IsSkipped()) return;
    WrittenEntry oldest = said(0, "boot a");
    oldest.begin_us = now_ - 10 * kHourUs;
    WrittenEntry older = said(0, "boot b");
    older.begin_us = now_ - 5 * kHourUs;
    older.boot_id = support::kBootB;
    service_.emplace(
        GetParam(),
        std::vector<WrittenEntry>{oldest, older, with_priority(written(now_ - 3 * kHourUs, "a.service", "Error"), "3"),
                                  written(now_ - kHourUs, "b.service", "plain"),
                                  with_priority(written(now_ - 1000, "b.service", "detail"), "7")});
  }
  void TearDown() override { service_.reset(); }

  std::vector<std::string> messages(const std::string& query, const Headers& headers = {}) {
    const Reply reply = service_->get("/api/v1/logs" + query, "operator", headers);
    EXPECT_EQ(reply.status, 200) << query << reply.body;
    return messages_of(reply.body);
  }
  std::string json_value(const std::string& line, const char* key) {
    simdjson::dom::parser parser;
    return std::string(parser.parse(simdjson::padded_string(line))[key].get_string().value());
  }

  const std::uint64_t now_ = now_us();
  std::optional<LogsDaemon> service_;
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsQuery, kHomes, home_name);

TEST_P(LogsQuery, ParametersChooseEntries) {
  EXPECT_THAT(messages(""), ElementsAre("boot a", "boot b", "Error", "plain", "detail"));
  EXPECT_THAT(messages("?boot"), ElementsAre("Error", "plain", "detail"));
  EXPECT_THAT(messages("?boot=-1"), ElementsAre("boot b"));
  EXPECT_THAT(messages("?boot=-2"), ElementsAre("boot a"));
  EXPECT_THAT(messages("?boot=" + support::kBootA), ElementsAre("boot a"));
  EXPECT_THAT(messages("?level=err"), ElementsAre("Error"));
  EXPECT_THAT(messages("?boot&level=6"), ElementsAre("Error", "plain"));
  EXPECT_THAT(messages("?unit=b"), ElementsAre("plain", "detail"));
  EXPECT_THAT(messages("?unit=a.service&unit=c%2A"), ElementsAre("boot a", "boot b", "Error"));
  EXPECT_THAT(messages("?since=-2h"), ElementsAre("plain", "detail"));
  EXPECT_THAT(messages("?since=-4h&until=-30m"), ElementsAre("Error", "plain"));
  EXPECT_THAT(messages("?grep=^(error|DETAIL)$"), IsEmpty()) << "a capital letter makes the case count";
  EXPECT_THAT(messages("?grep=%5E(error%7Cdetail)%24"), ElementsAre("Error", "detail"));
  EXPECT_THAT(messages("?PRIORITY=3&PRIORITY=7"), ElementsAre("Error", "detail"));
  EXPECT_THAT(messages("?PRIORITY=6&_SYSTEMD_UNIT=b.service"), ElementsAre("plain"));
  EXPECT_THAT(messages("?MESSAGE=no+such+message"), IsEmpty());
  EXPECT_THAT(messages("?lines=2"), ElementsAre("plain", "detail"));
  EXPECT_THAT(messages("?lines=1&unit=a"), ElementsAre("Error"));
  EXPECT_THAT(messages("?lines=0"), IsEmpty());
}

TEST_P(LogsQuery, RangesAndCursorsChooseEntries) {
  EXPECT_THAT(messages("", {{"Range", "entries=:-2:1"}}), ElementsAre("plain"));
  const std::string line = service_->get("/api/v1/logs?format=json&grep=boot+b", "operator").body;
  const std::string cursor = json_value(line, "__CURSOR");
  EXPECT_THAT(messages("", {{"Range", "entries=" + cursor}}), ElementsAre("boot b", "Error", "plain", "detail"));
  EXPECT_THAT(messages("", {{"Range", "entries=" + cursor + ":1:2"}}), ElementsAre("Error", "plain"));
  EXPECT_THAT(messages("", {{"Range", "entries=" + cursor + ":-1:1"}}), ElementsAre("boot a"));
  EXPECT_THAT(messages("?discrete", {{"Range", "entries=" + cursor}}), ElementsAre("boot b"));
  const auto seconds = [&](std::uint64_t ago_us) { return std::to_string((now_ - ago_us) / support::kSecondUs); };
  EXPECT_THAT(messages("", {{"Range", "realtime=" + seconds(6 * kHourUs) + ":" + seconds(2 * kHourUs)}}),
              ElementsAre("boot b", "Error"));
  EXPECT_THAT(messages("", {{"Range", "realtime=" + seconds(6 * kHourUs) + "::1:1"}}), ElementsAre("Error"));
}

TEST_P(LogsQuery, FormatAndAcceptChooseTheForm) {
  const std::tuple<const char*, const char*, const char*> forms[] = {
      {"text", "text/plain", "Error\n"},
      {"json", "application/json", R"("MESSAGE":"Error")"},
      {"events", "text/event-stream", "data: {"},
      {"export", "application/vnd.fdo.journal", "\nMESSAGE=Error\n"}};
  for (const auto& [format, type, part] : forms) {
    const Reply named = service_->get("/api/v1/logs?level=err&format=" + std::string(format), "admin");
    EXPECT_EQ(named.header("Content-Type"), type);
    EXPECT_THAT(named.body, HasSubstr(part));
    const Reply accepted = service_->get("/api/v1/logs?level=err", "admin", {{"Accept", type}});
    EXPECT_EQ(accepted.header("Content-Type"), type);
    EXPECT_EQ(accepted.body, named.body);
  }
  const std::string line = service_->get("/api/v1/logs?format=json&level=err", "admin").body;
  EXPECT_EQ(json_value(line, "_BOOT_ID"), present_boot());
  EXPECT_EQ(json_value(line, "__REALTIME_TIMESTAMP"), std::to_string(now_ - 3 * kHourUs));
}

TEST_P(LogsQuery, AFilteredFollowerGetsOnlyItsLines) {
  LogFollower follower(service_->client(), kTextForm, service_->as("operator"), "&unit=a&level=4");
  EXPECT_EQ(follower.next_message(), "Error");
  const std::uint64_t now = now_us();
  service_->files().write("system", {with_priority(written(now, "b.service", "not its unit"), "3"),
                                     written(now + 1, "a.service", "not its level"),
                                     with_priority(written(now + 2, "a.service", "its own"), "4")});
  EXPECT_EQ(follower.next_message(), "its own");
}

TEST_P(LogsQuery, AWrongParameterIsNamed) {
  // What the parser alone refuses stands in request_parameters_test and request_headers_test.
  const std::pair<const char*, const char*> cases[] = {
      {"format=xml", "format"},
      {"boot=-9", "boot -9"},
      {"levle=3", R"(parameter \"levle\")"},
      {"__CURSOR=s%3D1", R"(parameter \"__CURSOR\")"},
  };
  for (const auto& [query, name] : cases) {
    SCOPED_TRACE(query);
    expect_problem(service_->get("/api/v1/logs?" + std::string(query), "operator"), name);
  }
  expect_problem(service_->get("/api/v1/logs", "operator", {{"Range", "entries=nonsense"}}), "Range");
  EXPECT_EQ(service_->client().get("/api/v1/logs").status, 401);
  EXPECT_EQ(service_->get("/api/v1/logs", "viewer").status, 403);
}

TEST_P(LogsQuery, BootsAreListedOldestFirst) {
  simdjson::dom::parser parser;
  const Reply reply = service_->get("/api/v1/logs/boots", "operator");
  EXPECT_EQ(reply.status, 200);
  const auto boots = parser.parse(simdjson::padded_string(reply.body))["boots"];
  ASSERT_EQ(boots.get_array().size(), 3U) << reply.body;
  const std::string ids[] = {support::kBootA, support::kBootB, present_boot()};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(std::string_view(boots.at(i)["boot_id"]), ids[i]);
    EXPECT_EQ(std::int64_t(boots.at(i)["index"]), static_cast<std::int64_t>(i) - 2);
  }
  EXPECT_EQ(service_->get("/api/v1/logs/boots", "viewer").status, 403);
}

TEST_P(LogsQuery, TheValuesOfAFieldAreListed) {
  const Reply units = service_->get("/api/v1/logs/fields/_SYSTEMD_UNIT", "operator");
  EXPECT_EQ(units.status, 200);
  EXPECT_EQ(units.body,
            R"({"field":"_SYSTEMD_UNIT","values":["a.service","b.service","cgminer.service"],"more":false})");
  EXPECT_EQ(service_->get("/api/v1/logs/fields/NO_SUCH_FIELD", "operator").body,
            R"({"field":"NO_SUCH_FIELD","values":[],"more":false})");
  for (const char* name : {"lower", "A%2FB", "--", "%24%28id%29", "A%0AB", "__CURSOR"}) {
    EXPECT_EQ(service_->get("/api/v1/logs/fields/" + std::string(name), "operator").status, 400) << name;
  }
}

}  // namespace
}  // namespace backplane::integration
