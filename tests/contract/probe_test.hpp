// A host that runs one instance of the probe plugin, for the suites of the contract. Every test runs once for each kind
// of link.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <string>
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
  // Runs steps in a request of their own and returns what they noted.
  std::vector<std::string> journal_of(const std::string& steps) {
    journal();
    host->ask({.path = "/do", .query = steps + ",respond:200"});
    auto lines = journal();
    if (!lines.empty() && lines.back() == "respond OK") lines.pop_back();
    return lines;
  }
  // What was noted since the last call. Requests are handled in order, so it holds all that came before.
  std::vector<std::string> journal() {
    const auto exchange = host->ask({.path = "/journal"});
    std::istringstream stream(exchange->body());
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
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
};

// A pipe whose reader waits until it is opened.
class Gate {
 public:
  Gate() {
    if (::pipe(ends_) != 0) ADD_FAILURE() << "no pipe";
  }
  ~Gate() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  std::string reader() const { return std::to_string(ends_[0]); }
  void open(int times = 1) {
    const std::string bytes(static_cast<std::size_t>(times), 'x');
    if (::write(ends_[1], bytes.data(), bytes.size()) < 0) ADD_FAILURE() << "the gate does not open";
  }

 private:
  int ends_[2] = {-1, -1};
};

inline std::string kind_name(const testing::TestParamInfo<LinkKind>& info) {
  return info.param.name;
}

}  // namespace backplane::contract
