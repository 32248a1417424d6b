// What the SDK promises a plugin and its host, driven through the C tables of a built plugin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

#include "testing/loaded_instance.hpp"

namespace backplane::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::string behaving(const std::string& behaviour) {
  return R"({"behaviour": ")" + behaviour + "\"}";
}

class Sdk : public testing::Test {
 protected:
  FakeHost host_;
  LoadedInstance probe_{PROBE_PLUGIN, host_, behaving("well")};
};

// The answer to start of a probe that behaves like that.
std::vector<DoneAnswer> start_answers(const std::string& behaviour, FakeHost& host) {
  LoadedInstance probe(PROBE_PLUGIN, host, behaving(behaviour));
  probe.start(11);
  for (const FakeHost::Job& job : host.take_jobs()) {
    std::thread([&] { job.work(job.argument); }).join();
    probe.blocking_done(job.cookie);
  }
  return host.dones();
}

TEST_F(Sdk, a_request_is_read_and_an_answer_built_whole) {
  probe_.request(1, "echo",
                 {.path = {{"thing", "lamp"}},
                  .query = {{"p", "1"}, {"q", "2"}, {"q", "3"}},
                  .headers = {{"Accept", "*/*"}, {"X-Probe", "yes"}},
                  .fields = {{"name", "a"}, {"name", "b"}},
                  .scopes = {"probe.read", "probe.write"}});
  ASSERT_THAT(host_.answers(), SizeIs(1));
  const Answer answer = host_.answers()[0];
  EXPECT_EQ(answer.text,
            "method=POST\npath=/api/somewhere\nthing=lamp\nquery=2\nmissing=(none)\nheader=yes\nname=a\nname=b\n"
            "user=admin\nmay=write\n");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.content_type, "text/plain; charset=utf-8");
  EXPECT_THAT(answer.headers, ElementsAre(Pair("X-Made-By", "probe")));
  EXPECT_EQ(answer.fresh_ms, 5);
}

TEST_F(Sdk, an_exception_in_a_handler_is_logged_counted_and_answered_500_and_the_plugin_lives_on) {
  probe_.request(1, "throws");
  probe_.request(2, "throws-number");
  probe_.request(3, "echo");
  ASSERT_THAT(host_.answers(), SizeIs(3));
  for (int i : {0, 1}) {
    EXPECT_EQ(host_.answers()[i].call, "fail");
    EXPECT_EQ(host_.answers()[i].status, 500);
    EXPECT_THAT(host_.answers()[i].text, testing::Not(HasSubstr("purpose"))) << "the reason is for the log alone";
  }
  EXPECT_EQ(host_.answers()[2].call, "respond");
  EXPECT_THAT(host_.log(), ElementsAre("throws: broken on purpose", HasSubstr("throws-number: ")));
  EXPECT_THAT(host_.metrics(), Contains(Pair("callback_exceptions", 2)));
}

TEST_F(Sdk, a_route_number_that_the_plugin_lacks_is_answered_500) {
  probe_.request(1, "no such route");
  ASSERT_THAT(host_.answers(), SizeIs(1));
  EXPECT_EQ(host_.answers()[0].status, 500);
}

TEST_F(Sdk, an_operation_is_answered_from_another_thread) {
  probe_.request(1, "thread");
  host_.wait_for_answers(1);
  EXPECT_EQ(host_.answers()[0].text, "from a thread");
  probe_.stop();
}

TEST_F(Sdk, a_second_answer_is_refused_and_reported_to_the_plugin) {
  probe_.request(1, "twice");
  EXPECT_THAT(host_.answers(), SizeIs(1));
  EXPECT_THAT(host_.log(), ElementsAre("second respond: " + std::to_string(BP_E_INVALID)));
}

TEST_F(Sdk, state_of_an_operation_is_freed_at_its_end_and_not_before) {
  probe_.request(1, "upload");
  probe_.request(2, "upload");
  probe_.data(1, "abc", false);
  probe_.data(1, "de", true);
  EXPECT_EQ(host_.answers()[0].text, "abcde");
  EXPECT_EQ(host_.consumed(), 5u);
  EXPECT_THAT(host_.log(), IsEmpty());
  probe_.end(1);
  EXPECT_THAT(host_.log(), ElementsAre("end 1 0 with an upload", "upload freed"));
  probe_.end(2, BP_END_CLIENT_GONE);
  EXPECT_THAT(host_.log(),
              ElementsAre("end 1 0 with an upload", "upload freed", "end 2 1 with an upload", "upload freed"));
}

TEST_F(Sdk, state_of_an_operation_is_freed_although_on_end_throws) {
  probe_.configure(behaving("on_end throws"));
  probe_.request(1, "upload");
  probe_.end(1);
  EXPECT_THAT(host_.log(), ElementsAre("end 1 0 with an upload", "on_end: at the end", "upload freed"));
}

TEST_F(Sdk, a_stream_stops_at_a_spent_window_and_goes_on_when_it_is_writable) {
  host_.spend_window();
  probe_.request(1, "stream");
  EXPECT_THAT(host_.answers(), SizeIs(1));
  probe_.writable(1);
  std::string calls;
  for (const Answer& answer : host_.answers()) calls += answer.call + " ";
  EXPECT_EQ(calls, "begin write write write end ");
  EXPECT_EQ(host_.answers()[1].text, "piece 0\n");
}

TEST_F(Sdk, blocking_work_runs_elsewhere_and_its_result_comes_back) {
  probe_.request(1, "blocking");
  const auto jobs = host_.take_jobs();
  ASSERT_THAT(jobs, SizeIs(1));
  std::thread([&] { jobs[0].work(jobs[0].argument); }).join();
  EXPECT_THAT(host_.answers(), IsEmpty());
  probe_.blocking_done(jobs[0].cookie);
  ASSERT_THAT(host_.answers(), SizeIs(1));
  EXPECT_EQ(host_.answers()[0].text, "worked");
}

TEST_F(Sdk, blocking_work_that_throws_answers_its_operation_500) {
  probe_.request(1, "blocking-throws");
  const auto jobs = host_.take_jobs();
  ASSERT_THAT(jobs, SizeIs(1));
  std::thread([&] { jobs[0].work(jobs[0].argument); }).join();
  probe_.blocking_done(jobs[0].cookie);
  ASSERT_THAT(host_.answers(), SizeIs(1));
  EXPECT_EQ(host_.answers()[0].status, 500);
  EXPECT_THAT(host_.log(), ElementsAre("blocking work: the disk is gone"));
}

TEST_F(Sdk, an_unknown_cookie_does_nothing) {
  probe_.post(99);
  probe_.timer(99);
  probe_.fd(99);
  probe_.blocking_done(99);
  EXPECT_THAT(host_.log(), IsEmpty());
}

TEST_F(Sdk, tasks_timers_and_descriptors_call_their_functions) {
  probe_.request(1, "loop", {.query = {{"fd", "5"}}});
  const auto posts = host_.take_posts();
  ASSERT_THAT(posts, SizeIs(1));
  ASSERT_THAT(host_.timers(), ElementsAre(7));
  ASSERT_THAT(host_.watches(), ElementsAre(Pair(5, 5)));
  probe_.post(posts[0]);
  probe_.post(posts[0]);  // a second time: the task is gone
  probe_.fd(5);
  probe_.fd(5);
  probe_.timer(7);
  probe_.timer(7);
  probe_.timer(7);
  ASSERT_THAT(host_.answers(), SizeIs(1));
  EXPECT_EQ(host_.answers()[0].text, "post fd1 timer timer ");
  EXPECT_THAT(host_.timers(), IsEmpty());
  EXPECT_THAT(host_.watches(), IsEmpty());
}

TEST_F(Sdk, host_services_pass_their_arguments_and_values) {
  probe_.request(1, "services");
  ASSERT_THAT(host_.answers(), SizeIs(1));
  EXPECT_EQ(host_.answers()[0].text,
            "set_state=0\nmetric=0\nset_timer=0\ncancel_timer=0\nwatch_fd=0\nunwatch_fd=0\nrun_blocking=0\n"
            "version=9.8.7\nlong=" +
                std::string(5000, 'x') + "\nunknown=\ndata_dir=/a/folder\n");
  EXPECT_THAT(host_.metrics(), Contains(Pair("frames camera=left", 3)));
  for (const FakeHost::Job& job : host_.take_jobs()) {
    job.work(job.argument);
    probe_.blocking_done(job.cookie);
  }
}

TEST(SdkHost, a_host_without_the_wanted_extensions_is_coped_with) {
  FakeHost host({BP_EXT_HTTP});
  LoadedInstance probe(PROBE_PLUGIN, host, behaving("well"));
  probe.start();
  probe.request(1, "services");
  ASSERT_THAT(host.answers(), SizeIs(1));
  EXPECT_EQ(host.answers()[0].text,
            "set_state=-6\nmetric=-6\nset_timer=-6\ncancel_timer=-6\nwatch_fd=-6\nunwatch_fd=-6\nrun_blocking=-6\n"
            "version=\nlong=\nunknown=\ndata_dir=\n");
}

TEST(SdkHost, a_host_without_any_extension_crashes_nothing) {
  FakeHost host(std::set<std::string>{});
  LoadedInstance probe(PROBE_PLUGIN, host, behaving("well"));
  probe.start();
  probe.request(1, "services");
  probe.request(2, "throws");
  probe.end(1);
  EXPECT_THAT(host.answers(), IsEmpty());
  EXPECT_THAT(host.log(), Contains("respond: " + std::to_string(BP_E_UNSUPPORTED)));
}

TEST(SdkHost, a_function_beyond_the_size_of_an_older_table_is_not_called) {
  FakeHost host;
  host.cut_http_table();
  LoadedInstance probe(PROBE_PLUGIN, host, behaving("well"));
  probe.request(1, "upload");
  probe.data(1, "abc", true);
  EXPECT_EQ(host.consumed(), 0u);
  EXPECT_EQ(host.answers().at(0).text, "abc");
}

TEST(SdkLifecycle, create_that_throws_is_logged_and_refused) {
  FakeHost host;
  EXPECT_TRUE(LoadedInstance(PROBE_PLUGIN, host, behaving("create throws")).refused());
  EXPECT_THAT(host.log(), ElementsAre("create: no probe today"));
}

TEST(SdkLifecycle, start_that_throws_answers_internal) {
  FakeHost host;
  const auto answers = start_answers("start throws", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].cookie, 11u);
  EXPECT_EQ(answers[0].status, BP_E_INTERNAL);
  EXPECT_THAT(answers[0].text, HasSubstr("no device"));
}

TEST(SdkLifecycle, a_done_that_is_dropped_answers_internal) {
  FakeHost host;
  const auto answers = start_answers("start drops", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].status, BP_E_INTERNAL);
  EXPECT_THAT(answers[0].text, HasSubstr("without an answer"));
}

TEST(SdkLifecycle, a_done_answers_once) {
  FakeHost host;
  const auto answers = start_answers("start answers twice", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].text, "first");
  EXPECT_THAT(host.log(), ElementsAre("second answer: " + std::to_string(BP_E_INVALID)));
}

TEST(SdkLifecycle, an_answered_start_that_throws_keeps_its_answer) {
  FakeHost host;
  const auto answers = start_answers("start answers, then throws", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].status, BP_OK);
  EXPECT_THAT(host.log(), ElementsAre("start: too late"));
}

TEST(SdkLifecycle, start_may_be_answered_after_blocking_work) {
  FakeHost host;
  const auto answers = start_answers("start blocks", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].status, BP_OK);
  EXPECT_EQ(answers[0].text, "opened");
}

TEST(SdkLifecycle, a_start_whose_blocking_work_cannot_run_answers_internal) {
  FakeHost host({BP_EXT_HTTP});
  const auto answers = start_answers("start blocks", host);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].status, BP_E_INTERNAL);
}

TEST(SdkLifecycle, a_new_configuration_reaches_the_plugin_and_a_bad_one_is_answered) {
  FakeHost host;
  LoadedInstance probe(PROBE_PLUGIN, host, behaving("well"));
  probe.configure(behaving("better"), 21);
  probe.configure("{}", 22);
  ASSERT_THAT(host.dones(), SizeIs(2));
  EXPECT_EQ(host.dones()[0].text, "better");
  EXPECT_EQ(host.dones()[1].cookie, 22u);
  EXPECT_EQ(host.dones()[1].status, BP_E_INTERNAL);
}

TEST(SdkLifecycle, a_plugin_without_on_config_asks_for_a_restart) {
  FakeHost host;
  LoadedInstance hello(HELLO_PLUGIN, host, R"({"greeting": "Hi"})");
  hello.configure(R"({"greeting": "Ho"})");
  ASSERT_THAT(host.dones(), SizeIs(1));
  EXPECT_EQ(host.dones()[0].status, BP_E_UNSUPPORTED);
}

}  // namespace
}  // namespace backplane::test
