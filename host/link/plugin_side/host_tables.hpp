// The C functions that a plugin calls, implemented once for every kind of link: they copy their input, decide the
// status on the plugin's side and make a message. They never block. [any thread]
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/host.h>

#include <algorithm>
#include <string_view>

#include "link/wire/extensions.hpp"

namespace backplane::link {

class PluginSide;

struct HostTables {
  bp_host host;  // first: a bp_host* that comes back is a HostTables*
  PluginSide* side;

  explicit HostTables(PluginSide& owner);
};

PluginSide& side_of(const bp_host* host);

const void* http_table();
const void* loop_table();
const void* health_table();
const void* info_table();
const void* feed_table();

// What get_extension gives, in the order of kHostExtensions.
struct HostTableRow {
  std::string_view id;
  const void* (*table)();
};
inline constexpr HostTableRow kHostTables[] = {{BP_EXT_HTTP, http_table},
                                               {BP_EXT_LOOP, loop_table},
                                               {BP_EXT_HEALTH, health_table},
                                               {BP_EXT_HOST, info_table},
                                               {BP_EXT_FEED, feed_table}};
static_assert(std::ranges::equal(kHostTables, kHostExtensions, {}, &HostTableRow::id));

// How the lines begin or end in which a plugin's mistakes are logged: whoever drives one to test it looks for them.
inline constexpr std::string_view kEscapeLog = "an exception left ";
inline constexpr std::string_view kWrongOrderLog = ": the operation is answered already";

}  // namespace backplane::link
