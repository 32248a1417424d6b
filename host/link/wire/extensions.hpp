// The ids of the extensions that this host has, and the names of a plugin's callbacks. They stand apart from the
// tables: who only asks for an id links none of what the tables need.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace backplane::link {

inline constexpr std::string_view kHostExtensions[] = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HEALTH, BP_EXT_HOST,
                                                       BP_EXT_FEED};

// Those for which a plugin has a table of its own.
inline constexpr std::string_view kPluginExtensions[] = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_FEED};

// What the host calls in a plugin.
enum class Callback : std::uint32_t {
  kCreate,
  kGetExtension,
  kStart,
  kStop,
  kDestroy,
  kOnRequest,
  kOnPart,
  kOnData,
  kOnWritable,
  kOnEnd,
  kOnConfig,
  kOnPost,
  kOnTimer,
  kOnFd,
  kOnBlockingDone,
  kOnDemand,
  kOnItem,
  kCount,
};

// "on_request", as in the headers of the ABI.
inline constexpr const char* kCallbackNames[] = {
    "create",           "get_extension", "start",  "stop",      "destroy", "on_request", "on_part",
    "on_data",          "on_writable",   "on_end", "on_config", "on_post", "on_timer",   "on_fd",
    "on_blocking_done", "on_demand",     "on_item"};
static_assert(std::size(kCallbackNames) == static_cast<std::size_t>(Callback::kCount));
inline const char* callback_name(Callback callback) {
  return kCallbackNames[static_cast<std::size_t>(callback)];
}

}  // namespace backplane::link
