// The real daemon as a child process on loopback, with a state directory of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/client.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::support {

class Daemon {
 public:
  struct Options {
    std::string plugins = "{}";   // YAML flow mapping under "plugins:"
    std::string extra = {};       // more top-level YAML
    std::string plugin_dir = {};  // default: the build's own
    std::string listen = {};      // more items of the YAML list under "listen:", a line each
    std::vector<std::string> wrapper =
        {};  // a program and its arguments that start it: {"/usr/bin/prlimit", "--nofile=400"}
  };
  // Starts it with a TLS listener, a plain one on loopback and a Unix socket, and waits until it serves. Throws with
  // its output where it does not.
  Daemon() : Daemon(Options()) {}
  explicit Daemon(Options options);

  std::uint16_t port() const { return port_; }
  std::uint16_t plain_port() const { return plain_port_; }
  const std::string& password() const { return password_; }
  const TemporaryDirectory& directory() const { return directory_; }
  std::string state_dir() const { return directory_.path() + "/state"; }
  std::string config_file() const { return directory_.path() + "/backplane.yaml"; }
  std::string unix_path() const { return state_dir() + "/backplane.sock"; }
  ChildProcess& process() { return *process_; }

  Client client() const { return Client::tls(port_); }
  Headers as_admin() const { return {{"Authorization", basic("admin", password_)}}; }
  // Logs in as admin and returns the header that carries the session.
  Headers session();

  void write_config(const Options& options) const;
  // SIGTERM, then its exit status.
  int stop();
  // Starts again on the same state directory (after stop or a crash).
  void start();

 private:
  TemporaryDirectory directory_;
  const std::vector<std::string> wrapper_;
  std::uint16_t port_;
  std::uint16_t plain_port_;
  std::string password_;
  std::unique_ptr<ChildProcess> process_;
};

// A TCP port of loopback that nobody uses now.
std::uint16_t free_port();

}  // namespace backplane::support
