// Runs the real backplanectl, with arguments and no shell, against a state directory of the test's own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "auth/crypto/password_hash.hpp"
#include "store/store.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::ctl {

struct Outcome {
  int status = -1;
  std::string output;  // stdout and stderr
};

class CtlFixture : public testing::Test {
 protected:
  static Outcome run_plain(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), BACKPLANECTL);
    support::ChildProcess child(arguments, input);
    const int status = child.wait();
    child.wait_for_output([](const std::string&) { return false; });  // to the end of its output
    return {status, child.output()};
  }

  Outcome run(std::vector<std::string> arguments, const std::string& input = {}) const {
    arguments.insert(arguments.begin(), {"--state-dir", state_dir_});
    return run_plain(std::move(arguments), input);
  }

  Outcome add(const std::string& name, const std::string& role, const std::string& input = "long enough\n") const {
    return run({"user", "add", name, "--role", role, "--password-stdin"}, input);
  }

  std::optional<store::UserRow> stored(const std::string& name) const {
    const auto store = store::Store::open(state_dir_);
    EXPECT_TRUE(store) << store.error().message();
    return store->user(name).value();
  }

  bool opens(const std::string& name, const std::string& password) const {
    const auto user = stored(name);
    return user && user->enabled &&
           auth::verify_password(user->hash, base::Secret(password)) == auth::PasswordMatch::kYes;
  }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  support::TemporaryDirectory directory_;
  const std::string state_dir_ = directory_.path() + "/state";
};

}  // namespace backplane::ctl
