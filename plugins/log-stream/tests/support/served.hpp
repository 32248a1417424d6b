// What clients of a fake host have been given, and the plugin's loop on that host.
#pragma once

#include <backplane/host.hpp>
#include <backplane/loop.hpp>
#include <backplane/operation.hpp>
#include <string>
#include <vector>

#include "testing/fake_host.hpp"

namespace backplane::log_stream {

class Served {
 public:
  // An answer that has begun.
  sdk::Operation begin(bp_op number) {
    const sdk::Operation operation(host.tables(), number);
    operation.begin(sdk::Response());
    return operation;
  }

  std::vector<test::Answer> calls(bp_op number, const std::string& call) const {
    std::vector<test::Answer> found;
    for (const test::Answer& answer : fake.answers()) {
      if (answer.op == number && answer.call == call) found.push_back(answer);
    }
    return found;
  }
  std::vector<std::string> pieces(bp_op number) const {
    std::vector<std::string> texts;
    for (const test::Answer& answer : calls(number, "write")) texts.push_back(answer.text);
    return texts;
  }
  std::string body(bp_op number) const {
    std::string text;
    for (const std::string& piece : pieces(number)) text += piece;
    return text;
  }
  bool ended(bp_op number) const { return !calls(number, "end").empty(); }
  bool attached(bp_op number) const { return !calls(number, "attach").empty(); }

  // Runs what was posted, and what that posts, up to a bound that nothing should reach.
  void run_posts() {
    for (int i = 0; i < 1000; ++i) {
      const auto posts = fake.take_posts();
      if (posts.empty()) return;
      for (const bp_cookie cookie : posts) loop.on_post(cookie);
    }
    throw std::runtime_error("it posts without end");
  }

  test::FakeHost fake;
  sdk::Host host{fake.table()};
  sdk::Loop loop{host};
};

}  // namespace backplane::log_stream
