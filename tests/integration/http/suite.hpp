// One daemon for all tests of a suite, with the plugins that they talk to.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/daemon.hpp"

namespace backplane::integration {

using support::Client;
using support::Daemon;
using support::Headers;
using support::Reply;

class HttpSuite : public testing::Test {
 protected:
  // Guessing is slowed down by default, and the tests guess a lot from one address.
  static constexpr const char* kExtra = "auth: { throttle: off, passwords: small }\n";
  static constexpr const char* kPlugins = "{ streamer: { isolation: thread }, kvm-info: {} }";

  static Daemon::Options options(const std::string& extra = {}) {
    return {kPlugins, kExtra + extra, BACKPLANE_PLUGIN_DIR ", " INTEGRATION_PLUGIN_DIR, {}};
  }

  static void start(const Daemon::Options& options) { daemon_ = std::make_unique<Daemon>(options); }
  static void SetUpTestSuite() { start(options()); }
  // A daemon that a test has harmed, or that a sanitizer has something to say of, does not leave with 0.
  static void TearDownTestSuite() {
    const int status = daemon_->stop();
    EXPECT_EQ(status, 0) << daemon_->process().output();
    daemon_.reset();
  }

  static Daemon& daemon() { return *daemon_; }
  static Client client() { return daemon_->client(); }
  static Headers admin() { return daemon_->as_admin(); }

  // A user of that role, made on first use, as Basic credentials.
  static Headers as(const std::string& role) {
    if (role == "admin") return admin();
    const std::string password = "password-of-" + role;
    const std::string body = R"({"name":")" + role + R"(","role":")" + role + R"(","password":")" + password + R"("})";
    Headers headers = admin();
    headers.emplace_back("Content-Type", "application/json");
    const Reply added = client().request("POST", "/api/v1/users", headers, body);
    EXPECT_TRUE(added.status == 201 || added.status == 409) << added.status << added.body;
    return {{"Authorization", support::basic(role, password)}};
  }

  // The bytes of a head in progress: request line and Host.
  static std::string line(const std::string& request_line) { return request_line + "\r\nHost: localhost\r\n"; }
  // The Authorization line of the administrator, for requests that are sent byte by byte.
  static std::string admin_line() { return "Authorization: " + admin().front().second + "\r\n"; }

 private:
  inline static std::unique_ptr<Daemon> daemon_;
};

}  // namespace backplane::integration
