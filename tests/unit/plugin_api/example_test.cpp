// The example plugins, loaded as a host loads them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "testing/loaded_instance.hpp"

namespace backplane::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kGreeting[] = R"({"greeting": "Good day"})";

std::string file_beside(std::string path) {
  path.replace(path.rfind(".so"), 3, ".json");
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ExamplePlugin, embeds_the_bytes_of_the_manifest_beside_it) {
  for (const char* path : {HELLO_PLUGIN, HELLO_C_PLUGIN, PROBE_PLUGIN}) {
    const bp_plugin_entry& entry = load_plugin(path);
    EXPECT_EQ(entry.size, sizeof(bp_plugin_entry));
    EXPECT_EQ(entry.abi, BP_ABI_VERSION);
    const std::string embedded(static_cast<const char*>(entry.manifest.data), entry.manifest.size);
    EXPECT_THAT(embedded, HasSubstr("\"routes\""));
    EXPECT_EQ(embedded, file_beside(path));
  }
}

TEST(ExamplePlugin, serves_a_request_from_create_to_destroy) {
  FakeHost host;
  LoadedInstance hello(HELLO_PLUGIN, host, kGreeting);
  ASSERT_FALSE(hello.refused());
  hello.start(41);
  hello.request(1, "hello", {.query = {{"name", "Ada"}}});
  hello.end(1);
  hello.request(2, "hello");
  hello.end(2);
  hello.stop(42);
  hello.destroy();

  ASSERT_EQ(host.answers().size(), 2u);
  EXPECT_EQ(host.answers()[0].op, 1u);
  EXPECT_EQ(host.answers()[0].status, 200);
  EXPECT_EQ(host.answers()[0].content_type, "application/json");
  EXPECT_EQ(host.answers()[0].text, R"({"message":"Good day, Ada!"})");
  EXPECT_EQ(host.answers()[0].fresh_ms, 0);
  EXPECT_EQ(host.answers()[1].text, R"({"message":"Good day, world!"})");
  ASSERT_EQ(host.dones().size(), 2u);
  EXPECT_EQ(host.dones()[0].cookie, 41u);
  EXPECT_EQ(host.dones()[0].status, BP_OK);
  EXPECT_EQ(host.dones()[1].cookie, 42u);
  EXPECT_EQ(host.dones()[1].status, BP_OK);
}

TEST(ExamplePlugin, answers_an_empty_name_with_400) {
  FakeHost host;
  LoadedInstance hello(HELLO_PLUGIN, host, kGreeting);
  hello.start();
  hello.request(1, "hello", {.query = {{"name", ""}}});
  ASSERT_EQ(host.answers().size(), 1u);
  EXPECT_EQ(host.answers()[0].call, "fail");
  EXPECT_EQ(host.answers()[0].status, 400);
}

TEST(ExamplePlugin, two_instances_keep_their_own_configuration) {
  FakeHost host;
  LoadedInstance first(HELLO_PLUGIN, host, kGreeting);
  LoadedInstance second(HELLO_PLUGIN, host, R"({"greeting": "Salut"})");
  second.request(1, "hello");
  first.request(2, "hello");
  EXPECT_EQ(host.answers()[0].text, R"({"message":"Salut, world!"})");
  EXPECT_EQ(host.answers()[1].text, R"({"message":"Good day, world!"})");
}

TEST(ExamplePlugin, a_configuration_without_the_key_refuses_the_instance_and_logs_why) {
  FakeHost host;
  const LoadedInstance hello(HELLO_PLUGIN, host, "{}");
  EXPECT_TRUE(hello.refused());
  EXPECT_THAT(host.log(), ElementsAre(HasSubstr("config.greeting is not there")));
}

TEST(ExamplePlugin, in_plain_c_serves_a_request) {
  FakeHost host;
  LoadedInstance hello(HELLO_C_PLUGIN, host, "{}");
  ASSERT_FALSE(hello.refused());
  hello.start();
  hello.request(5, "hello");
  hello.end(5);
  hello.stop();
  ASSERT_EQ(host.answers().size(), 1u);
  EXPECT_EQ(host.answers()[0].text, R"({"message": "Hello from C!"})");
  EXPECT_EQ(host.dones().size(), 2u);
}

TEST(ExamplePlugin, in_plain_c_refuses_a_host_without_http) {
  FakeHost host(std::set<std::string>{});
  EXPECT_TRUE(LoadedInstance(HELLO_C_PLUGIN, host, "{}").refused());
}

}  // namespace
}  // namespace backplane::test
