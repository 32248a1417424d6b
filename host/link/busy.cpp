#include "link/busy.hpp"

#include <cstddef>

namespace backplane::link {

const char* callback_name(Callback callback) {
  static constexpr const char* kNames[] = {"create",     "get_extension", "start",    "stop",        "destroy",
                                           "on_request", "on_part",       "on_data",  "on_writable", "on_end",
                                           "on_config",  "on_post",       "on_timer", "on_fd",       "on_blocking_done",
                                           "on_demand",  "on_item"};
  static_assert(sizeof kNames / sizeof *kNames == static_cast<std::size_t>(Callback::kCount));
  return kNames[static_cast<std::size_t>(callback)];
}

}  // namespace backplane::link
