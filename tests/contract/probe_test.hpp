// A host that runs one instance of the probe plugin, for the suites of the contract. Every test runs once for each kind
// of link.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "contract/gate.hpp"
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

inline std::string kind_name(const testing::TestParamInfo<LinkKind>& info) {
  return info.param.name;
}

}  // namespace backplane::contract
