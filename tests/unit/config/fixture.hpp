// A directory of its own for each test, and short ways to load a configuration from it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>  // mkdtemp

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace backplane::config {

inline constexpr std::string_view kListenLine = "listen: [{ address: 127.0.0.1, port: 8443 }]\n";

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "backplane-config-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder_ = pattern;
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const auto file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  LoadOutcome load_text(std::string_view text) const { return load(write("main.yaml", text)); }

  // The problems of a text as "line:column: text".
  std::vector<std::string> problems_of(std::string_view text) const { return short_messages(load_text(text)); }
  // The same for a text in front of which kListenLine is put; lines are those of `text`.
  std::vector<std::string> problems_below_listen(std::string_view text) const {
    const std::string one_line(kListenLine.substr(0, kListenLine.size() - 1));
    return problems_of(std::string(text) + "\n" + one_line + "\n");
  }

  std::vector<std::string> short_messages(const LoadOutcome& outcome) const {
    EXPECT_EQ(outcome.settings.has_value(), outcome.problems.empty());
    std::vector<std::string> out;
    const std::string main = (folder_ / "main.yaml").string() + ":";
    const std::string folder = folder_.string() + "/";
    for (const auto& problem : outcome.problems) {
      std::string message = problem.message();
      for (const std::string& prefix : {main, folder}) {
        for (std::size_t at; (at = message.find(prefix)) != std::string::npos;) message.erase(at, prefix.size());
      }
      out.push_back(message);
    }
    return out;
  }

  std::filesystem::path folder_;
};

}  // namespace backplane::config
