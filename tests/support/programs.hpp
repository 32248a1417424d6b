// What the tests of the daemon as an operator sees it share: its programs, run to their end, and a daemon whose log,
// configuration and users they look at.
#pragma once

#include <signal.h>
#include <simdjson.h>
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "support/daemon.hpp"

namespace backplane::support {

struct Ended {
  int status = 0;      // as the shell knows it: 128 + the signal where one ended it
  std::string output;  // stdout and stderr joined

  bool says(const std::string& text) const { return output.find(text) != std::string::npos; }
};

// Runs a program to its end.
inline Ended run_program(const std::vector<std::string>& argv, const std::string& input = {}) {
  ChildProcess process(argv, input);
  process.wait_for_output([](const std::string&) { return false; });  // to the end of its output
  const int status = process.wait();
  return {status, process.output()};
}

inline Ended run_backplaned(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), BACKPLANED);
  return run_program(arguments);
}

// backplanectl on that state directory.
inline Ended run_backplanectl(const std::string& state_dir, std::vector<std::string> arguments,
                              const std::string& input = {}) {
  arguments.insert(arguments.begin(), {BACKPLANECTL, "--state-dir", state_dir});
  return run_program(arguments, input);
}

// Plugins of the build and those made for these tests: the value of plugin_dirs without its brackets.
inline std::string all_plugin_dirs() {
  return std::string(BACKPLANE_PLUGIN_DIR) + ", " + INTEGRATION_PLUGIN_DIR;
}

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text + "\n# nothing to replace\n" : text.replace(at, what.size(), with);
}

// SIGHUP; true where the daemon then said `text`.
inline bool reload(Daemon& daemon, const std::string& text) {
  const std::size_t before = daemon.process().output().size();
  daemon.process().signal(SIGHUP);
  return daemon.process().wait_for_output(
      [&](const std::string& output) { return output.find(text, before) != std::string::npos; });
}

// Adds a user through the API; the status of the answer.
inline int add_user(const Daemon& daemon, const std::string& name, const std::string& role,
                    const std::string& password) {
  Headers headers = daemon.as_admin();
  headers.emplace_back("Content-Type", "application/json");
  return daemon.client()
      .request("POST", "/api/v1/users", headers,
               R"({"name":")" + name + R"(","role":")" + role + R"(","password":")" + password + R"("})")
      .status;
}

// The header that carries a new session of that user; empty where the login was refused.
inline Headers session_of(const Daemon& daemon, const std::string& name, const std::string& password) {
  const Reply reply = daemon.client().post_form("/api/auth/login", "user=" + name + "&passwd=" + password);
  if (reply.status != 200) return {};
  return {{"Cookie", reply.cookie()}};
}

// Of that instance of a plugin; 0 where it has none.
inline pid_t process_of(const Daemon& daemon, const std::string& instance) {
  simdjson::dom::parser parser;
  const simdjson::padded_string body(daemon.client().get("/api/v1/plugins", daemon.as_admin()).body);
  for (const auto plugin : parser.parse(body)["plugins"].get_array()) {
    std::int64_t pid = 0;
    if (std::string_view(plugin["instance"]) == instance && plugin["pid"].get(pid) == simdjson::SUCCESS) {
      return static_cast<pid_t>(pid);
    }
  }
  return 0;
}

inline int check(const Daemon& daemon, const Headers& credentials) {
  return daemon.client().get("/api/auth/check", credentials).status;
}

}  // namespace backplane::support
