// Guessing is slowed down, and only the guesser pays for it (S-05).
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

constexpr char kCleanNetwork[] = "127.0.1.1";  // another /24 than 127.0.0.1

Reply log_in(const Daemon& daemon, const std::string& password, const std::string& source = {},
             const std::string& user = "admin") {
  return Client::tls(daemon.port(), 0, source).post_form("/api/auth/login", "user=" + user + "&passwd=" + password);
}

// Guesses until the throttle answers; the answer, or the last one of many.
Reply guess_until_throttled(const Daemon& daemon, const std::string& user = "admin") {
  Reply reply;
  for (int i = 0; i < 50; ++i) {
    reply = log_in(daemon, "wrong" + std::to_string(i), "", user);
    if (reply.status == 429) return reply;
    EXPECT_EQ(reply.status, 403);
  }
  return reply;
}

TEST(LoginFlood, S05_is_answered_429_with_a_time_and_a_right_password_from_a_clean_network_works) {
  const Daemon daemon;
  const Reply throttled = guess_until_throttled(daemon);
  ASSERT_EQ(throttled.status, 429);
  EXPECT_GE(std::atoi(throttled.header("Retry-After").c_str()), 1) << throttled.head;
  EXPECT_EQ(log_in(daemon, daemon.password()).status, 429) << "the guesser's own network waits";
  EXPECT_EQ(log_in(daemon, daemon.password(), kCleanNetwork).status, 200);
}

TEST(LoginFlood, S05_a_penalty_is_of_one_account) {
  const Daemon daemon;
  ASSERT_EQ(add_user(daemon, "eve", "viewer", "correct horse"), 201);
  ASSERT_EQ(guess_until_throttled(daemon).status, 429);
  EXPECT_EQ(log_in(daemon, "correct+horse", "", "eve").status, 200);
}

TEST(LoginFlood, S05_a_name_that_nobody_has_is_throttled_like_any_other) {
  const Daemon daemon;
  EXPECT_EQ(guess_until_throttled(daemon, "nobody-here").status, 429);
}

TEST(LoginFlood, S05_guesses_by_header_count_too) {
  const Daemon daemon;
  Reply reply;
  for (int i = 0; i < 50 && reply.status != 429; ++i) {
    const std::string guess = "wrong" + std::to_string(i);
    reply = daemon.client().get("/api/auth/check", {{"Authorization", basic("admin", guess)}});
  }
  ASSERT_EQ(reply.status, 429);
  EXPECT_NE(reply.header("Retry-After"), "");
  EXPECT_EQ(log_in(daemon, daemon.password()).status, 429) << "the same count";
}

TEST(LoginFlood, S05_a_forged_forwarded_for_buys_no_more_guesses) {
  const Daemon daemon;
  Reply reply;
  for (int i = 0; i < 50 && reply.status != 429; ++i) {
    reply = daemon.client().post_form("/api/auth/login", "user=admin&passwd=wrong" + std::to_string(i),
                                      {{"X-Forwarded-For", "198.51." + std::to_string(i) + ".1"}});
  }
  EXPECT_EQ(reply.status, 429);
}

TEST(LoginFlood, an_existing_session_is_not_touched) {
  Daemon daemon;
  const Headers session = daemon.session();
  ASSERT_EQ(guess_until_throttled(daemon).status, 429);
  EXPECT_EQ(check(daemon, session), 200);
}

TEST(LoginFlood, the_throttle_can_be_turned_off) {
  const Daemon daemon({.extra = "auth: { throttle: off }\n"});
  for (int i = 0; i < 12; ++i) EXPECT_EQ(log_in(daemon, "wrong" + std::to_string(i)).status, 403);
  EXPECT_EQ(log_in(daemon, daemon.password()).status, 200);
}

}  // namespace
}  // namespace backplane::support
