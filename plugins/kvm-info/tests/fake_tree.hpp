// A directory of one test, in which it builds the /proc and /sys that it wants to be read.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

class FakeTree {
 public:
  FakeTree() {
    std::string name = (std::filesystem::temp_directory_path() / "kvm-info-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  FakeTree(const FakeTree&) = delete;
  FakeTree& operator=(const FakeTree&) = delete;
  ~FakeTree() { std::filesystem::remove_all(root_); }

  std::string path(std::string_view absolute) const { return root_ + std::string(absolute); }
  Sources sources() const { return {root_}; }
  const std::string& root() const { return root_; }

  // Writes the file and makes the directories above it.
  std::string write(std::string_view absolute, std::string_view text) const {
    const std::string file = path(absolute);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  void remove(std::string_view absolute) const { std::filesystem::remove_all(path(absolute)); }

 private:
  std::string root_;
};

}  // namespace backplane::kvm_info
