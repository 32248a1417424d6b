// GET /api/v1/audit: what is noted, for whom it is shown, and that it stays bounded.
#include <gmock/gmock.h>

#include "admin/audit_route.hpp"
#include "admin/user_routes.hpp"
#include "auth/limits.hpp"
#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;
using testing::HasSubstr;
using testing::Not;

class AuditTest : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    auto routes = admin::user_routes(*authenticator_, "bench");
    for (auto& route : kvmd_routes(*authenticator_, {}, {})) routes.push_back(std::move(route));
    routes.push_back(admin::audit_route(*store_));
    serve(std::move(routes));
  }

  Response ask(const std::string& query = {}, const std::string& user = "admin") {
    authenticator_->tick();
    return send({.method = "GET",
                 .path = "/api/v1/audit" + query,
                 .headers = {{"X-KVMD-User", user}, {"X-KVMD-Passwd", auth::kPassword}}});
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }
};

TEST_F(AuditTest, LoginRefusalLogoutAndChangesOfUsersAreThere) {
  const std::string token = token_of("viewer");
  log_in("viewer", "not the password", "198.51.100.9");
  send({.path = "/api/auth/logout", .headers = {{"Cookie", "auth_token=" + token}}});
  send({.method = "PATCH",
        .path = "/api/v1/users/viewer",
        .headers = {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", auth::kPassword}, {"Content-Type", "application/json"}},
        .body = R"({"role":"operator"})"});
  const Response response = ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("event":"login","user":"viewer","address":"192.0.2.1","door":"kvmd")"));
  EXPECT_THAT(response.body,
              HasSubstr(R"("event":"login.refused","user":"viewer","address":"198.51.100.9","door":"kvmd")"));
  EXPECT_THAT(response.body, HasSubstr(R"("event":"logout","user":"viewer")"));
  EXPECT_THAT(response.body, HasSubstr(R"("event":"user.changed","user":"admin")"));
  EXPECT_THAT(response.body, HasSubstr("role of viewer"));
  EXPECT_THAT(response.body, Not(HasSubstr("not the password")));
  EXPECT_THAT(response.body, Not(HasSubstr(token)));
}

TEST_F(AuditTest, ANameThatIsNoUsersMayBeAPasswordAndIsCut) {
  log_in("my-long-password", "x", "198.51.100.9");
  log_in("viewer", "wrong", "198.51.100.9");
  const Response response = ask();
  EXPECT_THAT(response.body, HasSubstr(R"("event":"login.refused","user":"my-…")"));
  EXPECT_THAT(response.body, HasSubstr(R"("event":"login.refused","user":"viewer")"));
  EXPECT_THAT(response.body, Not(HasSubstr("long-password")));
}

TEST_F(AuditTest, AFloodOfRefusalsIsCountedAndHidesNothingElse) {
  auth::Audit& audit = authenticator_->audit();
  for (int i = 0; i < 20'000; ++i) audit.note({.event = "login.refused", .user = "admin", .address = "198.51.100.9"});
  for (int i = 0; i < 1'000; ++i) {
    audit.note({.event = "login.refused", .user = "admin", .address = "198.51.100." + std::to_string(i)});
  }
  audit.note({.event = "login", .user = "viewer", .address = "192.0.2.1"});
  const std::string body = ask("?count=500").body;
  EXPECT_THAT(body, HasSubstr(R"("event":"login","user":"viewer")"));
  EXPECT_THAT(body, HasSubstr("and 20,000 more like it at this time"));
  EXPECT_THAT(body, HasSubstr("more logins were refused at this time"));
  EXPECT_LE(count(body, R"("event":"login.refused")"), auth::limits::kAuditRefusalsWaitingMax);
}

TEST_F(AuditTest, OnlyAnAdminMayReadIt) {
  EXPECT_EQ(ask("", "viewer").status, 403);
  EXPECT_EQ(send({.method = "GET", .path = "/api/v1/audit"}).status, 401);
}

TEST_F(AuditTest, ANameOfAStrangerIsCutAndCannotForgeALine) {
  authenticator_->audit().note({.event = "test", .user = "a\n\"b\x1b[31m" + std::string(1000, 'x')});
  const std::string body = ask().body;
  EXPECT_THAT(body, HasSubstr(R"("user":"a?\"b?[31mxxx)"));
  EXPECT_THAT(body, Not(HasSubstr(std::string(200, 'x'))));
}

TEST_F(AuditTest, ItIsReadPageByPageNewestFirst) {
  for (int i = 0; i < 5; ++i) authenticator_->audit().note({.event = "test", .user = "user" + std::to_string(i)});
  const std::string first = ask("?count=2").body;
  EXPECT_EQ(count(first, R"("event":)"), 2U);
  EXPECT_LT(first.find("user4"), first.find("user3"));
  const std::size_t id = first.rfind(R"("id":)") + 5;
  const std::string next = ask("?count=2&before=" + first.substr(id, first.find(',', id) - id)).body;
  EXPECT_THAT(next, HasSubstr("user2"));
  EXPECT_THAT(next, Not(HasSubstr("user3")));
  for (const char* query : {"?count=0", "?count=501", "?count=x", "?before=-1"}) EXPECT_EQ(ask(query).status, 400);
}

TEST_F(AuditTest, AFloodKeepsTheMostRecentLinesAndSaysWhatIsLeftOut) {
  for (int i = 0; i < 1000; ++i) authenticator_->audit().note({.event = "flood", .user = std::to_string(i)});
  const std::string body = ask("?count=500").body;
  EXPECT_EQ(count(body, R"("event":"flood")"), auth::limits::kAuditWaitingMax);
  EXPECT_THAT(body, HasSubstr("744 more events at this time are only in the log"));
}

TEST_F(AuditTest, TheStoreForgetsTheOldestLines) {
  auto store = store::Store::open(directory_.path());
  ASSERT_TRUE(store);
  std::vector<store::AuditRow> rows(30);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].user = std::to_string(i);
    rows[i].event = i < 5 ? "login" : "login.refused";
  }
  ASSERT_TRUE(store->insert_audit(rows, 10));
  const auto kept = store->audit(0, 100);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 15U);
  EXPECT_EQ(kept->front().user, "29");
  EXPECT_EQ(kept->at(9).user, "20") << "ten refusals";
  EXPECT_EQ(kept->back().user, "0") << "and what they would have pushed out";
}

}  // namespace
}  // namespace backplane::login
