// What an attacker puts into parameters and into the log is data and nothing else (security.md S-31).
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

// As they would stand in a command, a file name, a second line, a C string, on a screen, and in JSON.
const std::vector<std::string> kHostile{"--",
                                        "--vacuum-time=1s",
                                        "-o",
                                        "$(touch /tmp/backplane-was-here)",
                                        "`id`",
                                        "; rm -rf /",
                                        "a\nb",
                                        "\r\n\r\nHTTP/1.1 200 OK",
                                        std::string("a\0b", 3),
                                        "\xe2\x80\xae"
                                        "drawkcab",
                                        "\xe2\x80\x8b",
                                        "\xff\xfe",
                                        "\x1b[2J",
                                        "\"}{\"",
                                        "../../etc/passwd",
                                        "%s%n%d",
                                        "*",
                                        "+",
                                        "|",
                                        std::string(600, 'a')};

class LogsHostile : public LogsTest {};
INSTANTIATE_TEST_SUITE_P(Homes, LogsHostile, kHomes, home_name);

TEST_P(LogsHostile, S31_EveryParameterTakesEverythingAsDataOrRefusesIt) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 2));
  const Headers credentials = service.as("operator");
  std::optional<Client> connection(service.client());
  const auto ask = [&](const std::string& target, const Headers& more = {}) {
    Headers headers = credentials;
    headers.insert(headers.end(), more.begin(), more.end());
    const Reply reply = connection->get(target, headers);
    EXPECT_TRUE(reply.status == 200 || reply.status == 400) << reply.status << " " << target;
    if (reply.header("Connection") == "close") connection.emplace(service.client());
    // Whatever is repeated to people is repeated so that it shows.
    for (const char* raw : {"\x1b", "\xe2\x80\xae", "\xe2\x80\x8b"}) {
      EXPECT_THAT(reply.body, Not(HasSubstr(raw))) << target;
    }
    return reply;
  };
  for (const std::string& text : kHostile) {
    const std::string value = percent_encoded(text);
    for (const char* name : {"boot", "discrete", "level", "unit", "since", "until", "grep", "format", "MESSAGE",
                             "_SYSTEMD_UNIT", "_PID"}) {
      ask("/api/v1/logs?" + std::string(name) + "=" + value);
    }
    ask("/api/v1/logs?" + value + "=1");
    ask("/api/v1/logs?" + value);
    ask("/api/v1/logs/fields/" + value);
    ask("/api/log?seek=" + value);
    ask("/api/log?follow=0&seek=0&" + value + "=" + value);
    EXPECT_EQ(ask("/api/v1/logs?follow=" + value).status, 400);
    EXPECT_EQ(
        support::WebSocketClient(service.client(), "/api/v1/logs/live?lines=" + value, credentials).answer().status,
        400);
    EXPECT_THAT(messages_of(ask("/api/v1/logs?MESSAGE=" + value).body), testing::IsEmpty());
  }
  for (const std::string text : {"--", "$(id)", "entries=--", "entries=$(id):1:1", "realtime=`id`:", "entries=*"}) {
    ask("/api/v1/logs", {{"Range", text}});
    ask("/api/v1/logs", {{"Accept", text}});
  }
  EXPECT_THAT(service.get("/api/v1/logs").body, HasSubstr("message 1")) << "it goes on";
  EXPECT_NE(::access("/tmp/backplane-was-here", F_OK), 0);
}

TEST_P(LogsHostile, S31_WhatProgramsWriteIsShownEscapedAndForgesNothing) {
  std::vector<WrittenEntry> entries;
  const std::uint64_t now = now_us();
  for (const std::string& text : kHostile) {
    entries.push_back(written(now + entries.size(), "kvmd.service", text));
    entries.back().fields.emplace_back("NOTE", text);
    for (auto& [name, value] : entries.back().fields) value = name == "SYSLOG_IDENTIFIER" ? text : value;
  }
  LogsDaemon service(GetParam(), entries);
  for (const char* target : {"/api/v1/logs", "/api/log"}) {
    SCOPED_TRACE(target);
    const Reply text = service.get(target, "operator");
    EXPECT_EQ(text.status, 200);
    for (const char* raw : {"\x1b", "\xe2\x80\xae", "\xe2\x80\x8b", "\xff"}) {
      EXPECT_THAT(text.body, Not(HasSubstr(raw)));
    }
    EXPECT_EQ(text.body.find('\0'), std::string::npos);
    EXPECT_THAT(text.body, HasSubstr("\\u202edrawkcab"));
    EXPECT_THAT(text.body, HasSubstr("a\\x00b"));
    EXPECT_THAT(text.body, HasSubstr("$(touch /tmp/backplane-was-here)"));
  }
  // No line of the text begins but with a time or with the blanks of a line that goes on.
  const std::string text = service.get("/api/v1/logs", "operator").body;
  const std::string day = local_time(now, "%b %d ");
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string begin = text.substr(at, day.size());
    EXPECT_TRUE(begin == day || begin == std::string(day.size(), ' ')) << begin;
  }
  EXPECT_EQ(service.get("/api/log", "operator").chunks.size(), kHostile.size());
  const std::string json = service.get("/api/v1/logs?format=json", "operator").body;
  EXPECT_EQ(static_cast<std::size_t>(std::count(json.begin(), json.end(), '\n')), kHostile.size());
  const std::string events = service.get("/api/v1/logs?format=events", "operator").body;
  EXPECT_EQ(messages_of(events, "\n\n").size(), kHostile.size());
}

TEST_P(LogsHostile, S31_HostileLinesAreFollowedInEveryForm) {
  const std::uint64_t now = now_us();
  LogsDaemon service(GetParam(), {written(now, "kvmd.service", "first")});
  std::vector<std::unique_ptr<LogFollower>> followers;
  for (const LogForm& form : kSharedForms) {
    followers.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("admin")));
    EXPECT_EQ(followers.back()->next_message(), "first") << form.name;
  }
  std::vector<WrittenEntry> entries;
  for (const std::string& text : kHostile) entries.push_back(written(now + 1 + entries.size(), "kvmd.service", text));
  entries.push_back(written(now + 1 + entries.size(), "kvmd.service", "last"));
  service.files().write("system", entries);
  for (const auto& follower : followers) EXPECT_EQ(follower->messages_until("last").back(), "last");
}

}  // namespace
}  // namespace backplane::integration
