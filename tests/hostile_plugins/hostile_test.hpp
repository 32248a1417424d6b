// A host with a hostile plugin and a good one, each in a process of its own. Whatever the one does, the other answers,
// operators read what happened, and nothing is left over: no operation, no descriptor, no process.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/harness.hpp"
#include "link/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {

using plugin::State;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HostileTest : public testing::Test {
 protected:
  void SetUp() override {
    { const Host first(link_kinds().back()); }  // what is opened once and stays is open by now
    descriptors_before_ = open_descriptors();
    host = std::make_unique<Host>(link_kinds().back());
  }
  void TearDown() override {
    the_good_one_answers();
    ASSERT_TRUE(host->wait([this] { return bad().unanswered() == 0; }));
    EXPECT_EQ(host->table.size(), 0u);
    stop_all();
    host.reset();
    EXPECT_TRUE(soon([this] { return open_descriptors() == descriptors_before_; }))
        << open_descriptors() << " descriptors, and " << descriptors_before_ << " before";
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a process is left over";
  }

  // The good one in order, the other by force where it does not listen.
  void stop_all() {
    std::optional<bool> clean;
    host->supervisor->stop([&clean](bool outcome) { clean = outcome; });
    EXPECT_TRUE(host->wait([this] { return host->instance("good").state() == State::kStopped; }));
    host->advance_ms(link::limits::kPluginStopMs);
    EXPECT_TRUE(host->wait([&clean] { return clean.has_value(); }));
    EXPECT_EQ(clean, true);
  }
  // Loads both, and waits until each runs or does not.
  void run(const std::string& id, std::optional<std::uint64_t> memory_bytes_max = {}) {
    id_ = id;
    auto settings = Host::misdeed("hostile", id);
    settings.memory_bytes_max = memory_bytes_max;
    host->run({settings, Host::misdeed("hostile", "good")}, HOSTILE_PLUGINS);
  }
  // The same where it does not come to an end by itself; the good one runs.
  void start_without_waiting(const std::string& id) {
    id_ = id;
    host->make_supervisor(HOSTILE_PLUGINS);
    host->supervisor->load(host->at_home({Host::misdeed("hostile", id), Host::misdeed("hostile", "good")}));
    host->supervisor->start([] {});
    EXPECT_TRUE(host->wait([this] { return host->instance("good").state() == State::kRunning; }));
  }
  plugin::Instance& bad() { return host->instance(id_); }
  std::shared_ptr<Exchange> send(const std::string& query = {}) {
    return host->send({.path = "/" + id_ + "/go", .query = query});
  }
  std::shared_ptr<Exchange> ask(const std::string& query = {}) {
    return host->ask({.path = "/" + id_ + "/go", .query = query});
  }

  void the_good_one_answers() {
    const auto exchange = host->ask({.path = "/good/go"});
    EXPECT_EQ(exchange->status(), 200);
    EXPECT_EQ(exchange->body(), "good");
  }
  // The good one answers all the while.
  bool wait(const std::function<bool()>& done) {
    return soon([&] {
      the_good_one_answers();
      return done();
    });
  }
  bool wait_for(State state) {
    return wait([&] { return bad().state() == state; });
  }
  // Lets time pass as it does, so that who answers its pings has the time to, until the hostile one ends.
  void let_pass(std::int64_t ms) {
    constexpr std::int64_t kStepMs = 500;
    const std::uint64_t crashes = bad().crashes();
    for (; ms > 0 && bad().crashes() == crashes; ms -= kStepMs) {
      host->advance_ms(std::min(ms, kStepMs));
      the_good_one_answers();
    }
  }
  // It has said so past the runner.
  bool wait_until_it_begins() {
    return wait([this] { return bad().reason() == "here"; });
  }

  // It has ended, and state and notice say why.
  void it_crashed_because(const testing::Matcher<const std::string&>& reason) {
    ASSERT_TRUE(wait_for(State::kCrashed)) << plugin::state_name(bad().state()) << ": " << bad().reason();
    EXPECT_THAT(bad().reason(), reason);
    EXPECT_THAT(host->notices, Contains("plugin.crashed " + id_ + ": " + bad().reason()));
    EXPECT_THAT(plugin::health_json(*host->supervisor, {}), HasSubstr(R"("state":"crashed")"));
    EXPECT_EQ(host->send({.path = "/" + id_ + "/go"})->status(), 503);
  }
  // It has done no harm, and lives.
  void it_lives() {
    the_good_one_answers();
    EXPECT_EQ(bad().state(), State::kRunning) << bad().reason();
    EXPECT_EQ(bad().crashes(), 0u);
  }

  std::unique_ptr<Host> host;

 private:
  // A guard against hanging, never a measurement.
  static bool soon(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      if (std::chrono::steady_clock::now() >= until) return false;
    }
    return true;
  }
  static std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  std::string id_;
  std::size_t descriptors_before_ = 0;
};

}  // namespace backplane::contract
