// Asks systemd over D-Bus whether services are enabled and running.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace backplane::kvm_info {

struct UnitState {
  bool enabled = false;  // its file's state is enabled, enabled-runtime, static, indirect or generated
  bool started = false;  // its ActiveState is "active"
  bool operator==(const UnitState&) const = default;
};

struct UnitStates {
  std::map<std::string, UnitState> states;  // by the name that was asked for; what could not be learnt is false
  std::string problem;                      // why, where the bus is absent or did not answer in time
};

// Blocks for at most timeout_ms in all: call it off the plugin's thread. A name without ".service" gets it.
// `bus_address` empty: the system bus. Names that systemd could not take are false without asking.
UnitStates query_units(const std::vector<std::string>& names, const std::string& bus_address, std::int64_t timeout_ms);

}  // namespace backplane::kvm_info
