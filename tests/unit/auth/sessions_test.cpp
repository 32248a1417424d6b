#include "auth/sessions.hpp"

#include <filesystem>
#include <set>

#include "auth/limits.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

class SessionsTest : public DaemonFixture {
 protected:
  base::Checked<Sessions::Created> create(std::int32_t uid, std::int64_t lifetime_s = 0, std::int64_t idle_s = 0) {
    SessionRequest request;
    request.uid = uid;
    request.generation = authenticator_->users().find(uid)->generation;
    request.door = "kvmd";
    request.lifetime_s = lifetime_s;
    request.idle_s = idle_s;
    request.origin = "192.0.2.1";
    return create(std::move(request));
  }

  base::Checked<Sessions::Created> create(SessionRequest request) {
    std::optional<base::Checked<Sessions::Created>> created;
    sessions().create(std::move(request),
                      [&](base::Checked<Sessions::Created> answer) { created = std::move(answer); });
    EXPECT_FALSE(created.has_value());
    EXPECT_TRUE(loop_->run_until([&] { return created.has_value(); }));
    return std::move(*created);
  }

  Sessions& sessions() { return authenticator_->sessions(); }
  Session* find(const std::string& token) { return authenticator_->find_session(token, "192.0.2.1"); }
};

TEST_F(SessionsTest, ATokenIsGoodOnlyOnceTheDiskHasIt) {
  const auto created = create(1);
  ASSERT_TRUE(created);
  EXPECT_EQ(find(created->token.reveal()), created->session);
  const auto rows = store::Store::open(directory_.path())->sessions();
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->front().id, created->session->id);
}

TEST_F(SessionsTest, AStolenDatabaseHoldsNoToken) {
  const auto created = create(1);
  const std::string row = store::Store::open(directory_.path())->sessions()->front().token_hash;
  std::string hex;
  for (const char byte : row) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  EXPECT_NE(hex, created->token.reveal());
  EXPECT_EQ(find(hex), nullptr);
}

TEST_F(SessionsTest, S35_OnlyTheWholeTokenMatches) {
  const std::string token = create(1)->token.reveal();
  ASSERT_EQ(token.size(), 64U);
  ASSERT_NE(find(token), nullptr);
  std::string upper = token;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& wrong :
       {std::string(), token.substr(0, 1), token.substr(0, 63), token.substr(1), token + "0", token + token,
        std::string(64, '0'), " " + token, std::string(token).replace(63, 1, token[63] == '0' ? "1" : "0"),
        std::string(token).replace(10, 1, "g")}) {
    EXPECT_EQ(find(wrong), nullptr) << wrong;
  }
  if (upper != token) {
    EXPECT_EQ(find(upper), nullptr);
  }
}

TEST_F(SessionsTest, LifetimeIsAbsoluteAndFixedAtLogin) {
  const std::string token = create(1, 2)->token.reveal();
  clock_.advance_ms(1000);
  EXPECT_NE(find(token), nullptr);
  clock_.advance_ms(999);
  EXPECT_NE(find(token), nullptr);
  clock_.advance_ms(1);
  EXPECT_EQ(find(token), nullptr);
}

TEST_F(SessionsTest, IdleTimeStartsAnewWithEachUse) {
  const std::string token = create(1, 0, 60)->token.reveal();
  for (int i = 0; i < 5; ++i) {
    clock_.advance_ms(59'999);
    EXPECT_NE(find(token), nullptr);
  }
  clock_.advance_ms(60'000);
  EXPECT_EQ(find(token), nullptr);
}

TEST_F(SessionsTest, TheWallClockMovesNoDeadline) {
  const std::string token = create(1, 3600, 3600)->token.reveal();
  clock_.set_wall_ms(4'000'000'000'000);
  EXPECT_NE(find(token), nullptr);
  clock_.set_wall_ms(0);
  EXPECT_NE(find(token), nullptr);
}

TEST_F(SessionsTest, SweepEndsTheExpiredAndTellsTheListenersOnce) {
  const auto created = create(1, 10);
  ASSERT_TRUE(create(1));
  const std::uint64_t id = created->session->id;
  std::vector<std::uint64_t> ended;
  sessions().on_ended([&](const Session& session, SessionEnd reason) {
    EXPECT_EQ(reason, SessionEnd::kExpired);
    ended.push_back(session.id);
  });
  sessions().sweep();
  EXPECT_TRUE(ended.empty());
  clock_.advance_ms(10'000);
  sessions().sweep();
  sessions().sweep();
  EXPECT_EQ(ended, std::vector<std::uint64_t>{id});
  drain_store();
  EXPECT_EQ(store::Store::open(directory_.path())->sessions()->size(), 1U);
}

TEST_F(SessionsTest, EndingIsAtOnceInMemoryAndAnsweredAfterTheDisk) {
  const auto created = create(1);
  const std::string token = created->token.reveal();
  bool answered = false;
  sessions().end(created->session->id, SessionEnd::kLogout, [&](const base::Checked<void>& done) {
    answered = true;
    EXPECT_TRUE(done);
    EXPECT_TRUE(store::Store::open(directory_.path())->sessions()->empty());
  });
  EXPECT_EQ(find(token), nullptr);
  EXPECT_FALSE(answered);
  ASSERT_TRUE(loop_->run_until([&] { return answered; }));
}

TEST_F(SessionsTest, EndingAnUnknownSessionSaysSo) {
  const auto answer = wait_for([&](auto done) { sessions().end(12345, SessionEnd::kLogout, done); });
  EXPECT_EQ(answer.error().code, base::Error::kNotFound);
}

TEST_F(SessionsTest, EndingAllOfAUserLeavesTheOthers) {
  const std::string first = create(1)->token.reveal();
  const std::string second = create(1)->token.reveal();
  const std::string other = create(3)->token.reveal();
  ASSERT_TRUE(wait_for([&](auto done) { sessions().end_all(1, SessionEnd::kLogout, done); }));
  EXPECT_EQ(find(first), nullptr);
  EXPECT_EQ(find(second), nullptr);
  EXPECT_NE(find(other), nullptr);
}

TEST_F(SessionsTest, S27_TheLongestIdleOfTheUserGoesWhenTheUserHasTooMany) {
  const std::string other = create(3)->token.reveal();
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < limits::kSessionsPerUserMax; ++i) {
    clock_.advance_ms(10);
    tokens.push_back(create(1)->token.reveal());
  }
  clock_.advance_ms(10);
  ASSERT_NE(find(tokens[0]), nullptr);  // the oldest has just been used: the second is idle longest
  std::vector<SessionEnd> reasons;
  sessions().on_ended([&](const Session&, SessionEnd reason) { reasons.push_back(reason); });
  const std::string newest = create(1)->token.reveal();
  EXPECT_EQ(reasons, std::vector<SessionEnd>{SessionEnd::kEvicted});
  EXPECT_NE(find(tokens[0]), nullptr);
  EXPECT_EQ(find(tokens[1]), nullptr);
  EXPECT_NE(find(newest), nullptr);
  EXPECT_NE(find(other), nullptr) << "another user's session, idle longest of all, stays";
  EXPECT_EQ(sessions().of_user(1).size(), limits::kSessionsPerUserMax);
}

TEST_F(SessionsTest, S27_TheTotalIsBoundedToo) {
  std::vector<std::int32_t> uids;
  const std::size_t users = limits::kSessionsMax / limits::kSessionsPerUserMax + 1;
  for (std::size_t i = 0; i < users; ++i) {
    const auto added = wait_for_user([&](Users::Done done) {
      authenticator_->users().add("user" + std::to_string(i), "viewer", base::Secret(std::string(kPassword)), done);
    });
    ASSERT_TRUE(added);
    uids.push_back(added->uid);
  }
  std::string first;
  for (const std::int32_t uid : uids) {
    for (std::size_t i = 0; i < limits::kSessionsPerUserMax; ++i) {
      clock_.advance_ms(1);
      const auto created = create(uid);
      ASSERT_TRUE(created);
      if (first.empty()) first = created->token.reveal();
      ASSERT_LE(sessions().size(), limits::kSessionsMax);
    }
  }
  EXPECT_EQ(sessions().size(), limits::kSessionsMax);
  EXPECT_EQ(find(first), nullptr);
}

TEST_F(SessionsTest, S27_ManyLoginsAndLogoutsLeaveNothingBehind) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kCycles = 2'000;
#else
  constexpr int kCycles = 20'000;
#endif
  std::set<std::uint64_t> ids;
  for (int i = 0; i < kCycles; ++i) {
    const auto created = create(1);
    ASSERT_TRUE(created);
    ids.insert(created->session->id);
    ASSERT_TRUE(wait_for([&](auto done) { sessions().end(created->session->id, SessionEnd::kLogout, done); }));
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kCycles));
  EXPECT_EQ(sessions().size(), 0U);
  stop();
  EXPECT_LT(std::filesystem::file_size(directory_.path() + "/backplane.db"), 64U * 1024U);
}

TEST_F(SessionsTest, S13_AChangeBetweenCheckAndSessionLeavesNoSession) {
  SessionRequest stale;
  stale.uid = 3;
  stale.generation = authenticator_->users().find(3)->generation;
  stale.door = "kvmd";
  ASSERT_TRUE(wait_for_user([&](Users::Done done) { authenticator_->users().set_role("viewer", "operator", done); }));
  const auto created = create(stale);
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, base::Error::kConflict);
  EXPECT_EQ(sessions().size(), 0U);
}

TEST_F(SessionsTest, ListsTheLongestIdleFirstWithOriginAndLastHit) {
  const auto first = create(1);
  clock_.advance_ms(1000);
  const auto second = create(1);
  clock_.advance_ms(1000);
  ASSERT_NE(authenticator_->find_session(first->token.reveal(), "198.51.100.7"), nullptr);
  clock_.advance_ms(500);
  const auto listed = sessions().of_user(1);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0]->id, second->session->id);
  EXPECT_EQ(listed[1]->origin, "198.51.100.7");
  EXPECT_EQ(sessions().last_hit_wall_ms(*listed[1]), clock_.wall_ms() - 500);
  EXPECT_TRUE(sessions().of_user(3).empty());
}

TEST_F(SessionsTest, UseIsWrittenAtMostOnceAMinute) {
  const auto created = create(1);
  const std::int64_t made = created->session->last_hit_boot_ms;
  const auto stored = [&] {
    drain_store();
    return store::Store::open(directory_.path())->sessions()->front().last_hit_boot_ms;
  };
  clock_.advance_ms(limits::kSessionTouchMs - 1);
  ASSERT_NE(find(created->token.reveal()), nullptr);
  sessions().sweep();
  EXPECT_EQ(stored(), made);
  clock_.advance_ms(1);
  ASSERT_NE(find(created->token.reveal()), nullptr);
  sessions().sweep();
  EXPECT_EQ(stored(), made + limits::kSessionTouchMs);
  clock_.advance_ms(5);
  ASSERT_NE(find(created->token.reveal()), nullptr);
  sessions().flush();
  EXPECT_EQ(stored(), made + limits::kSessionTouchMs + 5) << "a clean stop writes all";
}

}  // namespace
}  // namespace backplane::auth
