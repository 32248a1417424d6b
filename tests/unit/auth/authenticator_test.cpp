// The gate: who is this request? The matrix of pikvm.md §4, and what must never raise privilege.
#include "auth/authenticator.hpp"

#include "auth/limits.hpp"
#include "exchange/response.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

using exchange::CredentialKind;

class GateTest : public DaemonFixture {
 protected:
  // 200 where the gate lets in.
  int status(std::vector<exchange::Header> headers) {
    const Verdict verdict = identify(std::move(headers));
    EXPECT_NE(verdict.principal == nullptr, !verdict.refusal.has_value()) << "exactly one is set";
    return verdict.refusal ? exchange::http_status(verdict.refusal->error) : 200;
  }
};

TEST_F(GateTest, OneTokenOpensByCookieBearerGravwellHeaderAndSubprotocol) {
  const std::string token = token_of("admin");
  const std::string cookie = "auth_token=" + token;
  const std::string bearer = "Bearer " + token;
  const auto kind = [&](std::vector<exchange::Header> headers) {
    const Verdict verdict = identify(std::move(headers));
    EXPECT_TRUE(verdict.principal);
    EXPECT_EQ(verdict.principal->credential, verdict.presented);
    EXPECT_NE(verdict.principal->session, 0U);
    return verdict.principal->credential;
  };
  EXPECT_EQ(kind({{"Cookie", cookie}}), CredentialKind::kCookie);
  EXPECT_EQ(kind({{"Authorization", bearer}}), CredentialKind::kBearer);
  EXPECT_EQ(kind({{"Gravwell-Token", token}}), CredentialKind::kBearer);
  EXPECT_EQ(kind({{"Upgrade", "websocket"}, {"Sec-WebSocket-Protocol", token}}), CredentialKind::kWebSocketProtocol);
}

TEST_F(GateTest, TokensAreAnsweredWithoutWaitingAndShareOnePrincipal) {
  const std::string cookie = "auth_token=" + token_of("admin");
  const auto asked = request({{"Cookie", cookie}});
  const auto first = authenticator_->identify_now(*asked);
  const auto second = authenticator_->identify_now(*asked);
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(first->principal, second->principal);
}

TEST_F(GateTest, ARightPasswordIsAnsweredWithoutWaitingTheSecondTime) {
  const auto asked = request({{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", kPassword}});
  EXPECT_FALSE(authenticator_->identify_now(*asked).has_value());
  const Verdict first = identify(asked);
  ASSERT_TRUE(first.principal);
  EXPECT_EQ(first.principal->session, 0U);
  const auto second = authenticator_->identify_now(*asked);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->principal, first.principal);
  clock_.advance_ms(limits::kPasswordCacheMs);
  EXPECT_FALSE(authenticator_->identify_now(*asked).has_value());
}

TEST_F(GateTest, S20_AnUnknownUserCostsACheckLikeAKnownOne) {
  for (const char* user : {"admin", "nobody", "guest"}) {
    const auto asked = request({{"X-KVMD-User", user}, {"X-KVMD-Passwd", "wrong"}});
    EXPECT_FALSE(authenticator_->identify_now(*asked).has_value()) << user << ": a worker must be asked";
    const Verdict verdict = identify(asked);
    ASSERT_TRUE(verdict.refusal.has_value()) << user;
    EXPECT_EQ(verdict.refusal->error, base::Error::kForbidden) << user;
    EXPECT_EQ(verdict.refusal->text, "") << user;
    EXPECT_FALSE(authenticator_->identify_now(*asked).has_value()) << user << ": wrong answers are not remembered";
  }
  EXPECT_EQ(authenticator_->passwords().unreadable(), 0U) << "a hash that cannot be read would be refused for nothing";
}

TEST_F(GateTest, S38_TheRememberedPasswordDiesWithAChangeOfTheUser) {
  const auto asked = request({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", kPassword}});
  ASSERT_TRUE(identify(asked).principal);
  ASSERT_TRUE(wait_for_user(
      [&](Users::Done done) { authenticator_->users().set_role("viewer", "operator", std::move(done)); }));
  EXPECT_FALSE(authenticator_->identify_now(*asked).has_value());
  const Verdict again = identify(asked);
  ASSERT_TRUE(again.principal);
  EXPECT_EQ(again.principal->role, "operator");
  ASSERT_TRUE(
      wait_for_user([&](Users::Done done) { authenticator_->users().set_enabled("viewer", false, std::move(done)); }));
  EXPECT_EQ(identify(asked).refusal->error, base::Error::kForbidden);
}

TEST_F(GateTest, S05_AManyfoldWrongPollerIsOneGuessAndAThrottledOneIsToldWhen) {
  const auto asked = request({{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", "wrong"}});
  int answers = 0;
  for (int i = 0; i < 200; ++i) {
    authenticator_->identify_later(asked, [&](const Verdict& verdict) {
      ++answers;
      EXPECT_EQ(verdict.refusal->error, base::Error::kForbidden);
    });
  }
  ASSERT_TRUE(loop_->run_until([&] { return answers == 200; }));
  for (int i = 1; i < limits::kThrottleFreeFailures; ++i) {
    EXPECT_EQ(identify(asked).refusal->error, base::Error::kForbidden);
  }
  const auto blocked = authenticator_->identify_now(*asked);
  ASSERT_TRUE(blocked.has_value());
  EXPECT_EQ(blocked->refusal->error, base::Error::kThrottled);
  EXPECT_EQ(blocked->refusal->retry_after_s, 1);
}

TEST_F(GateTest, S19_LoopbackHasNoRightsAndUnixPeersOnlyThoseOfTheirUser) {
  EXPECT_EQ(identify(request({}, "127.0.0.1")).refusal->error, base::Error::kUnauthorized);
  const auto peer = [&](std::int64_t uid) {
    auto asked = request({}, "");
    asked->peer.unix_uid = uid;
    return identify(asked);
  };
  const Verdict known = peer(1000);
  ASSERT_TRUE(known.principal);
  EXPECT_EQ(known.principal->user, "viewer");
  EXPECT_EQ(known.principal->credential, CredentialKind::kUnixPeer);
  EXPECT_FALSE(known.principal->may("users"));
  EXPECT_EQ(peer(0).refusal->error, base::Error::kUnauthorized) << "root is nobody unless it is listed";
  EXPECT_EQ(peer(1001).refusal->error, base::Error::kForbidden) << "listed for a user that does not exist";
  EXPECT_EQ(peer(1002).refusal->error, base::Error::kForbidden) << "listed for a disabled user";
}

TEST_F(GateTest, ScopesComeSortedFromTheRoleAndChangeWithAReload) {
  const std::string admin = token_of("admin");
  EXPECT_EQ(identify_cookie(admin).principal->scopes,
            (std::vector<std::string>{"audit.read", "info", "sessions.own", "users", "users.manage"}));
  authenticator_->reload({"operator", "viewer"}, {}, true);
  const Verdict after = identify_cookie(admin);
  ASSERT_TRUE(after.principal) << "the session goes on";
  EXPECT_TRUE(after.principal->scopes.empty()) << "a role that is no more grants nothing";
}

TEST_F(GateTest, LaterAnswersAlsoWhatCouldBeAnsweredNow) {
  const std::string cookie = "auth_token=" + token_of("admin");
  bool answered = false;
  authenticator_->identify_later(request({{"Cookie", cookie}}), [&](const Verdict& verdict) {
    answered = true;
    EXPECT_TRUE(verdict.principal);
  });
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace backplane::auth
