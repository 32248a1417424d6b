// What a real browser does with the login page, and with a page of somebody else's.
#include "support/browser.hpp"

#include <gmock/gmock.h>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

using support::Browser;
using testing::HasSubstr;
using testing::Not;

class HttpBrowser : public HttpSuite {
 protected:
  void SetUp() override {
    if (!Browser::is_here()) GTEST_SKIP() << "needs Debian's chromium and chromium-driver";
  }
  static std::string address() { return "https://127.0.0.1:" + std::to_string(daemon().port()); }
};

TEST_F(HttpBrowser, TheFormOfTheLoginPageLogsInWithoutJavaScript) {
  Browser browser(Browser::JavaScript::kOff);
  browser.open(address() + "/login");
  browser.type("input[name=user]", "admin");
  browser.type("input[name=passwd]", daemon().password());
  browser.click("button");
  EXPECT_THAT(browser.url(), HasSubstr(address() + "/\""));
  EXPECT_THAT(browser.cookies(), HasSubstr("auth_token"));
}

TEST_F(HttpBrowser, TheLoginPageLogsInWithJavaScript) {
  Browser browser(Browser::JavaScript::kOn);
  browser.open(address() + "/login");
  browser.type("input[name=user]", "admin");
  browser.type("input[name=passwd]", daemon().password());
  browser.click("button");
  EXPECT_TRUE([&] {
    for (int look = 0; look < 200; ++look) {
      if (browser.cookies().find("auth_token") != std::string::npos) return true;
    }
    return false;
  }()) << browser.url();
}

TEST_F(HttpBrowser, S41_AFormOfAForeignPageLogsNobodyIn) {
  Browser browser(Browser::JavaScript::kOff);
  browser.open("data:text/html,<form method=post action='" + address() +
               "/api/auth/login'><input name=user value=admin><input name=passwd value='" + daemon().password() +
               "'><button>win</button></form>");
  browser.click("button");
  EXPECT_THAT(browser.url(), HasSubstr("/api/auth/login"));
  EXPECT_THAT(browser.cookies(), Not(HasSubstr("auth_token")));
  browser.open(address() + "/login");
  EXPECT_THAT(browser.cookies(), Not(HasSubstr("auth_token")));
}

}  // namespace
}  // namespace backplane::integration
