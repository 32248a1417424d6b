// PluginSide::call, for the two files that call into a plugin.
#pragma once

#include "link/plugin_side/plugin_side.hpp"

namespace backplane::link {

template <class Function>
bool PluginSide::call(Callback callback, std::uint32_t route, Function function) {
  busy_.enter(callback, route, clock_);
  bool came_back = true;
  try {
    function();
  } catch (...) {  // the ABI forbids it, and the SDK stops it; a plugin without the SDK must not take the daemon down
    came_back = false;
  }
  busy_.leave();
  if (!came_back) threw(callback);
  return came_back;
}

}  // namespace backplane::link
