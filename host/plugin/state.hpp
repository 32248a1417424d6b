// How a plugin instance is, in one word.
#pragma once

#include <string_view>

namespace backplane::plugin {

enum class State {
  kCreated,
  kStarting,
  kRunning,
  kDegraded,
  kBlocked,
  kDraining,
  kStopped,
  kRefused,
  kCrashed,   // its process has ended by itself and is started again later
  kDisabled,  // it ended too often, or an operator wants it so
};
std::string_view state_name(State state);

}  // namespace backplane::plugin
