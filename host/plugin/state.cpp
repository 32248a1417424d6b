#include "plugin/state.hpp"

namespace backplane::plugin {

std::string_view state_name(State state) {
  switch (state) {
    case State::kCreated:
      return "created";
    case State::kStarting:
      return "starting";
    case State::kRunning:
      return "running";
    case State::kDegraded:
      return "degraded";
    case State::kBlocked:
      return "blocked";
    case State::kDraining:
      return "draining";
    case State::kStopped:
      return "stopped";
    case State::kRefused:
      return "refused";
    case State::kCrashed:
      return "crashed";
    case State::kDisabled:
      return "disabled";
  }
  return "?";
}

}  // namespace backplane::plugin
