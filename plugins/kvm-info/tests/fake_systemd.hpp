// A stand-in for the system bus and systemd behind it: real D-Bus over a Unix socket, answered on a thread of its own.
#pragma once

#include <map>
#include <string>
#include <thread>

#include "fake_tree.hpp"

struct sd_bus;
struct sd_bus_message;

namespace backplane::kvm_info {

class FakeSystemd {
 public:
  struct Unit {
    std::string file_state;    // empty: GetUnitFileState fails as for a missing file
    std::string active_state;  // empty: the unit is not loaded
  };

  // `silent`: takes the connection and every call, and never answers one of them but Hello.
  explicit FakeSystemd(std::map<std::string, Unit> units, bool silent = false);
  ~FakeSystemd();
  FakeSystemd(const FakeSystemd&) = delete;
  FakeSystemd& operator=(const FakeSystemd&) = delete;

  std::string address() const { return "unix:path=" + tree_.path("/bus"); }

 private:
  void serve();
  void serve_client(int client);
  void handle(sd_bus_message* message);
  int answer(sd_bus_message* message, std::string_view member);

  FakeTree tree_;
  std::map<std::string, Unit> units_;
  bool silent_;
  int listener_ = -1;
  int stop_ = -1;  // an eventfd: readable when the thread should end
  std::thread thread_;
};

}  // namespace backplane::kvm_info
