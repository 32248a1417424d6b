// What the tests of log-stream share: the daemon with that plugin in one of its two homes, over journal files of the
// test's own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/log_follower.hpp"
#include "support/daemon.hpp"
#include "support/journal_files.hpp"
#include "support/programs.hpp"

namespace backplane::integration {

using support::Client;
using support::Daemon;
using support::Headers;
using support::JournalFiles;
using support::Reply;
using support::said;
using support::WrittenEntry;

inline const auto kHomes = testing::Values("thread", "process");

inline std::string home_name(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

// As the journal writes it.
inline std::string present_boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  file >> text;
  std::erase(text, '-');
  return text;
}

inline std::uint64_t now_us() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

inline std::string local_time(std::uint64_t time_us, const char* form) {
  const auto seconds = static_cast<std::time_t>(time_us / support::kSecondUs);
  std::tm parts{};
  char text[64];
  return {text, std::strftime(text, sizeof text, form, ::localtime_r(&seconds, &parts))};
}

// Of the present boot.
inline WrittenEntry written(std::uint64_t time_us, const std::string& unit, const std::string& message) {
  WrittenEntry entry = said(0, message);
  entry.begin_us = time_us;
  entry.boot_id = present_boot();
  for (auto& [name, value] : entry.fields) value = name == "_SYSTEMD_UNIT" ? unit : value;
  return entry;
}

inline Headers with(Headers headers, const std::string& name, const std::string& value) {
  headers.emplace_back(name, value);
  return headers;
}

// `text` with what a query must not hold written as %XX.
inline std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    encoded += digits;
  }
  return encoded;
}

class LogsDaemon {
 public:
  // `config`: more of the plugin's configuration, each with a comma before it.
  explicit LogsDaemon(const std::string& home, const std::vector<WrittenEntry>& entries = {},
                      const std::string& config = {}, const std::string& extra = {}) {
    if (!entries.empty()) files_.write("system", entries);
    daemon_ = std::make_unique<Daemon>(Daemon::Options{
        .plugins = "{ log-stream: { isolation: " + home + ", config: { directory: " + files_.path() + config + " } } }",
        .extra = "auth: { throttle: off, passwords: small }\n" + extra});
  }
  // One that a test has harmed, or that a sanitizer has something to say of, does not leave with 0.
  ~LogsDaemon() {
    const int status = daemon_->stop();
    EXPECT_EQ(status, 0) << daemon_->process().output();
  }
  LogsDaemon(const LogsDaemon&) = delete;
  LogsDaemon& operator=(const LogsDaemon&) = delete;

  Daemon& daemon() { return *daemon_; }
  const JournalFiles& files() const { return files_; }
  Client client() const { return daemon_->client(); }

  // A user of that role, made on first use, as Basic credentials.
  Headers as(const std::string& role) {
    if (role == "admin") return daemon_->as_admin();
    const std::string password = "password-of-" + role;
    if (users_.insert(role).second) {
      EXPECT_EQ(support::add_user(*daemon_, role, role, password), 201);
    }
    return {{"Authorization", support::basic(role, password)}};
  }
  Reply get(const std::string& target, const std::string& role = "admin", const Headers& more = {}) {
    Headers headers = as(role);
    headers.insert(headers.end(), more.begin(), more.end());
    return client().get(target, headers);
  }

 private:
  JournalFiles files_;
  std::unique_ptr<Daemon> daemon_;
  std::set<std::string> users_;
};

// A daemon for each test.
class LogsTest : public testing::TestWithParam<const char*> {};

// A reply of the host's or the plugin's in the style "problem" that names `parameter`.
inline void expect_problem(const Reply& reply, const std::string& parameter) {
  EXPECT_EQ(reply.status, 400) << reply.body;
  EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << reply.body;
  EXPECT_THAT(reply.body, testing::HasSubstr(R"("detail":")" + parameter)) << reply.body;
}

}  // namespace backplane::integration
