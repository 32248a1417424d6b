// backplane.http/1: answers, their order and their statuses.
#include "contract/probe_test.hpp"

namespace backplane::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Answer : public ProbeTest {};
INSTANTIATE_TEST_SUITE_P(Links, Answer, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Answer, AWholeAnswerReachesTheClientAndEndsTheOperationOnce) {
  const auto exchange = host->ask({.path = "/do", .query = "save:a,respond:201"});
  EXPECT_EQ(exchange->status(), 201);
  EXPECT_EQ(exchange->body(), "ok");
  EXPECT_EQ(exchange->head->content_type, "text/plain");
  EXPECT_THAT(journal(),
              ElementsAre("start OK", "start_again INVALID", "respond OK", "on_end a DONE", "in_on_end GONE"));
}

TEST_P(Answer, ASecondAnswerIsInvalidAndTheFirstOneStands) {
  const auto exchange = host->ask({.path = "/do", .query = "respond:201,respond:202,fail:500,begin"});
  EXPECT_EQ(exchange->status(), 201);
  EXPECT_THAT(journal_until("begin INVALID"),
              testing::IsSupersetOf({"respond INVALID", "fail INVALID", "begin INVALID"}));
}

}  // namespace
}  // namespace backplane::contract
