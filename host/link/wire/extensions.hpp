// The ids of the extensions that this host has, apart from their tables: who only asks for an id links none of what the
// tables need.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>

#include <string_view>

namespace backplane::link {

inline constexpr std::string_view kHostExtensions[] = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HEALTH, BP_EXT_HOST,
                                                       BP_EXT_FEED};

// Those for which a plugin has a table of its own.
inline constexpr std::string_view kPluginExtensions[] = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_FEED};

}  // namespace backplane::link
