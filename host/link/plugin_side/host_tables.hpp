// The C functions that a plugin calls, implemented once for every kind of link: they copy their input, decide the
// status on the plugin's side and make a message. They never block. [any thread]
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/host.h>

#include <string_view>

namespace backplane::link {

class PluginSide;

struct HostTables {
  bp_host host;  // first: a bp_host* that comes back is a HostTables*
  PluginSide* side;

  explicit HostTables(PluginSide& owner);
};

PluginSide& side_of(const bp_host* host);

const bp_host_http& http_table();
const bp_host_loop& loop_table();
const bp_host_health& health_table();
const bp_host_info& info_table();
const bp_host_feed& feed_table();

// How the lines begin or end in which a plugin's mistakes are logged: whoever drives one to test it looks for them.
inline constexpr std::string_view kEscapeLog = "an exception left ";
inline constexpr std::string_view kWrongOrderLog = ": the operation is answered already";

}  // namespace backplane::link
