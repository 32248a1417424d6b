// Drives the built plugin without a daemon: a fake host makes the calls and records what the plugin answers.
#include <cstdio>

#include "testing/loaded_instance.hpp"

int main(int, char** arguments) {
  backplane::test::FakeHost host;
  backplane::test::LoadedInstance hello(arguments[1], host, R"({"greeting": "Good day"})");
  if (hello.refused()) {
    std::fputs("the plugin refused its configuration\n", stderr);
    return 1;
  }
  hello.start();
  hello.request(1, "hello", {.query = {{"name", "Ada"}}});
  hello.end(1);
  hello.stop();

  const auto answers = host.answers();
  const bool right =
      answers.size() == 1 && answers[0].status == 200 && answers[0].text == R"({"message":"Good day, Ada!"})";
  if (!right) std::fprintf(stderr, "not the greeting: %s\n", answers.empty() ? "no answer" : answers[0].text.c_str());
  return right ? 0 : 1;
}
