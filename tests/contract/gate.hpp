// Lets a test hold a plugin, wherever it runs.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/unique_fd.hpp"
#include "contract/harness.hpp"

namespace backplane::contract {

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

}  // namespace backplane::contract
