// A host that runs one instance of the probe plugin, for the suites of the contract. Every test runs once for each kind
// of link.
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "contract/harness.hpp"

namespace backplane::contract {

class ProbeTest : public testing::TestWithParam<LinkKind> {
 protected:
  void SetUp() override { start("{}"); }

  void start(const std::string& config_json) {
    host = std::make_unique<Host>(GetParam());
    problems = host->run({Host::settings("probe", "probe", config_json)}, CONTRACT_PLUGINS);
  }

  // Lets the probe run these steps in a request that stays open unless they answer it.
  std::shared_ptr<Exchange> run(const std::string& steps) { return host->send({.path = "/do", .query = steps}); }
  // Runs steps in a request of their own and returns the statuses they noted. Events stay for journal().
  std::vector<std::string> journal_of(const std::string& steps) {
    events_ = journal();
    host->ask({.path = "/do", .query = steps + ",respond:200"});
    std::vector<std::string> statuses;
    for (std::string& line : fetch()) {
      const bool event = line.starts_with("on_") || line.starts_with("in_on_end");
      (event ? events_ : statuses).push_back(std::move(line));
    }
    if (!statuses.empty()) statuses.pop_back();  // of the respond added above
    return statuses;
  }
  // What was noted and not returned yet.
  std::vector<std::string> journal() {
    std::vector<std::string> lines = std::exchange(events_, {});
    for (std::string& line : fetch()) lines.push_back(std::move(line));
    return lines;
  }
  // Asks for the journal until it holds `line`; all lines up to then.
  std::vector<std::string> journal_until(const std::string& line) {
    std::vector<std::string> all;
    for (int asked = 0; asked < 10000; ++asked) {
      for (std::string& one : journal()) all.push_back(std::move(one));
      if (std::find(all.begin(), all.end(), line) != all.end()) return all;
    }
    ADD_FAILURE() << "never noted: " << line;
    return all;
  }

  std::unique_ptr<Host> host;
  std::vector<base::Problem> problems;

 private:
  std::vector<std::string> fetch() {
    const auto exchange = host->ask({.path = "/journal"});
    std::istringstream stream(exchange->body());
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
  std::vector<std::string> events_;
};

// Holds whoever reads it until it is opened, and tells when somebody is held. Named pipes in the instance's own folder:
// the one place that a plugin in a process of its own shares with the test.
class Gate {
 public:
  explicit Gate(const Host& host, const std::string& instance = "probe") {
    static int made = 0;
    const auto folder = host.data_dir / "plugins" / instance;
    std::filesystem::create_directories(folder);
    opened_path_ = folder / ("opened-" + std::to_string(++made));
    held_path_ = folder / ("held-" + std::to_string(made));
    for (const auto& path : {opened_path_, held_path_}) {
      if (::mkfifo(path.c_str(), 0600) != 0) ADD_FAILURE() << "no pipe " << path;
    }
    // For both directions, so that nobody's open waits for another's.
    opened_ = base::UniqueFd(::open(opened_path_.c_str(), O_RDWR | O_CLOEXEC));
    held_ = base::UniqueFd(::open(held_path_.c_str(), O_RDWR | O_CLOEXEC));
  }

  std::string reader() const { return opened_path_; }
  std::string signal() const { return held_path_; }
  // Steps that hold the probe's thread.
  std::string hold() const { return "signal:" + signal() + ",block:" + reader(); }
  void wait_until_held() {
    char byte = 0;
    if (::read(held_.get(), &byte, 1) != 1) ADD_FAILURE() << "nobody is held";
  }
  void open(std::size_t times = 1) {
    const std::string bytes(times, 'x');
    if (::write(opened_.get(), bytes.data(), bytes.size()) < 0) ADD_FAILURE() << "the gate does not open";
  }

 private:
  std::filesystem::path opened_path_;
  std::filesystem::path held_path_;
  base::UniqueFd opened_;
  base::UniqueFd held_;
};

inline std::string kind_name(const testing::TestParamInfo<LinkKind>& info) {
  return info.param.name;
}

}  // namespace backplane::contract
