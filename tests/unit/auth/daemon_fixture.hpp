// The parts of login as the daemon puts them together, over a temporary directory, with a clock that tests move and a
// hash that costs nothing.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "auth/authenticator.hpp"
#include "auth/user_changes.hpp"
#include "base/clock.hpp"
#include "store/store.hpp"
#include "store/store_thread.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_loop.hpp"

namespace backplane::auth {

inline constexpr PasswordProfile kCheapProfile{8, 1};
inline constexpr const char* kPassword = "correct horse";

class DaemonFixture : public ::testing::Test {
 protected:
  // Users: admin (uid 1) and guest (2) as at first start, with kPassword for admin; viewer (3) with kPassword.
  void SetUp() override {
    auto store = store::Store::open(directory_.path());
    ASSERT_TRUE(store) << store.error().message();
    ASSERT_TRUE(ensure_first_admin(*store, kCheapProfile, clock_));
    const std::string hash = hash_password(base::Secret(std::string(kPassword)), kCheapProfile);
    ASSERT_TRUE(change_password(*store, "admin", hash, 0));
    ASSERT_TRUE(add_user(*store, "viewer", "viewer", hash, 0));
    start(std::move(*store));
  }

  void TearDown() override { stop(); }

  void stop() {
    authenticator_.reset();
    store_.reset();
  }

  void start(store::Store store) {
    auto state = read_state(store, clock_);
    ASSERT_TRUE(state);
    AuthenticatorOptions options;
    options.profile = profile_;
    options.unix_peers = {{1000, "viewer"}, {1001, "nobody"}, {1002, "guest"}};
    options.scopes = [](const std::string& role) {
      return role == "admin" ? std::vector<std::string>{"users.manage", "users", "info", "audit.read", "sessions.own"}
                             : std::vector<std::string>{"info", "sessions.own"};
    };
    options.verify = [this](std::string_view encoded, const base::Secret& password) {
      {
        const std::lock_guard lock(checked_mutex_);
        checked_ = encoded;
      }
      return no_memory_ ? PasswordMatch::kNoMemory : verify_password(encoded, password);
    };
    options.boot_id = boot_id_;
    store_ = std::make_unique<store::StoreThread>(std::move(store), loop_->executor());
    authenticator_ = std::make_unique<Authenticator>(*store_, *state, loop_->executor(), clock_, std::move(options));
  }

  // As after a crash: nothing is flushed, and what still waited for the loop is lost.
  void restart(const store::StoreOptions& options = {}) {
    stop();
    loop_ = std::make_unique<support::TestLoop>();
    auto store = store::Store::open(directory_.path(), options);
    ASSERT_TRUE(store) << store.error().message();
    start(std::move(*store));
  }

  LoginOutcome log_in(LoginAttempt attempt) {
    std::optional<LoginOutcome> outcome;
    authenticator_->log_in(std::move(attempt), [&](LoginOutcome answer) { outcome = std::move(answer); });
    EXPECT_TRUE(loop_->run_until([&] { return outcome.has_value(); }));
    return std::move(*outcome);
  }

  LoginOutcome log_in(const std::string& user, const std::string& password, const std::string& address = "192.0.2.1") {
    LoginAttempt attempt;
    attempt.user = user;
    attempt.password = base::Secret(password);
    attempt.client_address = address;
    attempt.door = "kvmd";
    return log_in(std::move(attempt));
  }

  // The token of a new session.
  std::string token_of(const std::string& user) {
    const LoginOutcome outcome = log_in(user, kPassword);
    EXPECT_FALSE(outcome.refusal.has_value());
    return outcome.token.reveal();
  }

  Verdict identify(const std::shared_ptr<const exchange::Request>& request) {
    if (auto verdict = authenticator_->identify_now(*request)) return std::move(*verdict);
    std::optional<Verdict> verdict;
    authenticator_->identify_later(request, [&](Verdict answer) { verdict = std::move(answer); });
    EXPECT_TRUE(loop_->run_until([&] { return verdict.has_value(); }));
    return std::move(*verdict);
  }

  static std::shared_ptr<exchange::Request> request(std::vector<exchange::Header> headers,
                                                    const std::string& address = "192.0.2.1") {
    auto request = std::make_shared<exchange::Request>();
    request->headers = std::move(headers);
    request->client_address = address;
    return request;
  }

  // The header's text must outlive the request: views look into it.
  Verdict identify(std::vector<exchange::Header> headers, const std::string& address = "192.0.2.1") {
    return identify(request(std::move(headers), address));
  }

  Verdict identify_cookie(const std::string& token) {
    const std::string cookie = "auth_token=" + token;
    return identify({{"Cookie", cookie}});
  }

  // Waits until everything given to the store before has been answered.
  void drain_store() {
    bool done = false;
    store_->run<void>([](store::Store&) -> base::Checked<void> { return {}; },
                      [&](const base::Checked<void>&) { done = true; });
    ASSERT_TRUE(loop_->run_until([&] { return done; }));
  }

  template <class Call>
  base::Checked<void> wait_for(Call call) {
    std::optional<base::Checked<void>> answer;
    call([&](const base::Checked<void>& done) { answer = done; });
    EXPECT_TRUE(loop_->run_until([&] { return answer.has_value(); }));
    return *answer;
  }

  template <class Call>
  base::Checked<User> wait_for_user(Call call) {
    std::optional<base::Checked<User>> answer;
    call([&](const base::Checked<User>& done) { answer = done; });
    EXPECT_TRUE(loop_->run_until([&] { return answer.has_value(); }));
    return *answer;
  }

  support::TemporaryDirectory directory_;
  base::ManualClock clock_;
  std::string boot_id_ = "boot-1";
  PasswordProfile profile_ = kCheapProfile;
  std::mutex checked_mutex_;
  std::string checked_;                  // the hash that was checked last
  std::atomic<bool> no_memory_ = false;  // for password checks
  std::unique_ptr<support::TestLoop> loop_ = std::make_unique<support::TestLoop>();
  std::unique_ptr<store::StoreThread> store_;
  std::unique_ptr<Authenticator> authenticator_;
};

}  // namespace backplane::auth
