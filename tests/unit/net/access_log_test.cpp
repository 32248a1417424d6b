// What a stranger can write into the daemon's log.
#include "net/access_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/log.hpp"
#include "net/limits.hpp"

namespace backplane::net {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct AccessLogTest : testing::Test {
  AccessLogTest() {
    base::observe_log([this](base::Level, std::string_view text) { lines.emplace_back(text); });
  }
  ~AccessLogTest() override { base::observe_log(nullptr); }

  void ask(const std::string& address, const std::string& target, const std::string& agent = "a") {
    exchange::Request request;
    request.client_address = address;
    request.method = "GET";
    request.target = target;
    request.headers = {{"User-Agent", agent}};
    log->record(request, 404, 10);
  }
  void ask_logged_in(const std::string& target) {
    exchange::Request request;
    request.client_address = "192.0.2.1";
    request.method = "GET";
    request.target = target;
    auto who = std::make_shared<exchange::Principal>();
    who->user = "ann";
    request.principal = who;
    log->record(request, 200, 10);
  }
  std::vector<std::string> told() { return std::exchange(lines, {}); }
  std::vector<std::string> told_at_the_end_of_a_period() {
    clock.advance_ms(limits::kAccessSharePeriodMs);
    log->tick();
    return told();
  }

  base::ManualClock clock;
  std::vector<std::string> lines;
  std::unique_ptr<AccessLog> log = std::make_unique<AccessLog>(clock);
};

TEST_F(AccessLogTest, IdenticalLinesOfOneStrangerAreFolded) {
  for (int i = 0; i < 1'234; ++i) ask("192.0.2.1", "/x");
  EXPECT_THAT(told(), ElementsAre(EndsWith("user_agent='a'")));
  log->tick();
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(told_at_the_end_of_a_period(), ElementsAre(EndsWith("user_agent='a' (and 1,233 more)")));
  ask("192.0.2.1", "/x");
  EXPECT_THAT(told(), SizeIs(1));
  EXPECT_THAT(told_at_the_end_of_a_period(), IsEmpty());
}

TEST_F(AccessLogTest, AStrangersLinesThatDifferAreBounded) {
  for (std::size_t i = 0; i < limits::kAccessLinesOfStrangerMax + 5; ++i) ask("192.0.2.1", "/" + std::to_string(i));
  EXPECT_THAT(told(), SizeIs(limits::kAccessLinesOfStrangerMax));
  ask("192.0.2.2", "/of/another");
  EXPECT_THAT(told(), ElementsAre(HasSubstr("/of/another")));
  EXPECT_THAT(told_at_the_end_of_a_period(),
              ElementsAre("and 5 more requests without a login from 192.0.2.1, which differ"));
}

TEST_F(AccessLogTest, AStrangersBytesAreBounded) {
  const std::string long_name(limits::kAccessBytesOfStrangerMax / 2, 'a');
  for (int i = 0; i < 10; ++i) ask("192.0.2.1", "/x", long_name);
  EXPECT_THAT(told(), SizeIs(2));
  EXPECT_THAT(told_at_the_end_of_a_period(), ElementsAre(HasSubstr("and 8 more requests")));
}

TEST_F(AccessLogTest, AnIpv6NetworkIsOneStranger) {
  for (std::size_t i = 0; i < 100; ++i) ask("2001:db8::" + std::to_string(i), "/" + std::to_string(i));
  EXPECT_THAT(told(), SizeIs(limits::kAccessLinesOfStrangerMax));
}

TEST_F(AccessLogTest, StrangersWithoutAPlaceOfTheirOwnShareOne) {
  constexpr std::size_t kRequests = 2 * limits::kAccessStrangersMax;
  for (std::size_t i = 0; i < kRequests; ++i) {
    ask("192.0." + std::to_string(i / 256) + "." + std::to_string(i % 256), "/" + std::to_string(i));
  }
  EXPECT_THAT(told(), SizeIs(limits::kAccessStrangersMax + limits::kAccessLinesOfStrangerMax));
  EXPECT_THAT(told_at_the_end_of_a_period(), Contains(HasSubstr("from other addresses")));
}

TEST_F(AccessLogTest, WhoIsLoggedInHasEachLineAsItComes) {
  for (int i = 0; i < 100; ++i) ask_logged_in("/x");
  EXPECT_THAT(told(), SizeIs(100));
}

TEST_F(AccessLogTest, WhatWasLeftOutIsToldAtTheEnd) {
  ask("192.0.2.1", "/x");
  ask("192.0.2.1", "/x");
  told();
  log = nullptr;
  EXPECT_THAT(told(), ElementsAre(EndsWith("(and 1 more)")));
}

TEST_F(AccessLogTest, S31AQuoteEndsNoField) {
  ask("192.0.2.1", "/'x", "a'; b='\xc2\x9b\xff");
  EXPECT_THAT(told(), ElementsAre("[- / 192.0.2.1] 'GET /\\x27x HTTP/1.1' => 404; size=10 --- referer='-'; "
                                  "user_agent='a\\x27; b=\\x27\\u009b\\xff'"));
}

}  // namespace
}  // namespace backplane::net
