// The built plugin on a fake host, over journal files of a test's own.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "log-stream/log_source.hpp"
#include "support/journal_reading.hpp"
#include "testing/loaded_instance.hpp"

namespace backplane::log_stream {

class LogStreamPlugin : public testing::Test {
 protected:
  LogStreamPlugin() { files_.write("system", {said(0, "first"), said(1, "pin=1234"), said(2, "last")}); }

  // The defaults of the manifest, with what a test changes.
  std::string config(const std::string& rules = R"json(["pin=(\\d+)"])json", const std::string& kvmd = "true",
                     const std::string& directory = "") const {
    return R"({"directory": ")" + (directory.empty() ? files_.path() : directory) + R"(", "kvmd_enabled": )" + kvmd +
           R"(, "kvmd_units": ["cgminer.service"], "filtered_followers_max": 2, "mask_defaults": false, "mask_rules": )" +
           rules + "}";
  }
  void start(const std::string& json) {
    plugin_.emplace(PLUGIN_FILE, host_, json);
    ASSERT_FALSE(plugin_->refused());
    plugin_->start();
    ASSERT_EQ(host_.dones().size(), 1U);
    ASSERT_EQ(host_.dones()[0].status, BP_OK);
  }
  void start() { start(config()); }
  void run_posts() {
    for (auto posts = host_.take_posts(); !posts.empty(); posts = host_.take_posts()) {
      for (const bp_cookie cookie : posts) plugin_->post(cookie);
    }
  }
  // The number of an operation that stays open.
  bp_op ask(std::string_view route, const test::Asked& asked = {}) {
    plugin_->request(++last_op_, route, asked);
    return last_op_;
  }
  test::Answer head_of(bp_op op) const {
    for (const test::Answer& answer : host_.answers()) {
      if (answer.op == op) return answer;
    }
    return {};
  }
  std::string body_of(bp_op op) const {
    std::string text;
    for (const test::Answer& answer : host_.answers()) {
      if (answer.op == op && answer.call == "write") text += answer.text;
    }
    return text;
  }
  // Of an answer that ends by itself.
  std::string body(std::string_view route, const test::Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    run_posts();
    plugin_->end(op);
    return body_of(op);
  }
  test::Answer refusal(std::string_view route, const test::Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    plugin_->end(op);
    const test::Answer answer = head_of(op);
    EXPECT_EQ(answer.call, "fail") << route;
    return answer;
  }
  std::string list(std::string_view route, const test::Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    for (const test::FakeHost::Job& job : host_.take_jobs()) {
      job.work(job.argument);
      plugin_->blocking_done(job.cookie);
    }
    plugin_->end(op);
    return head_of(op).text;
  }
  WrittenEntry of_this_boot(std::uint64_t second, const std::string& message) const {
    WrittenEntry entry = said(second, message);
    entry.boot_id = LogSource().boot_id();
    return entry;
  }

  JournalFiles files_;
  test::FakeHost host_;
  std::optional<test::LoadedInstance> plugin_;
  bp_op last_op_ = 0;
};

}  // namespace backplane::log_stream
