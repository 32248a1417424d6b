// Plugin instances as a table for a terminal, and one of them as a sentence.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ctl/columns.hpp"
#include "ctl/plugin_entry.hpp"

namespace backplane::ctl {

// A line of headings, then one for each instance, in the daemon's order; reasons are wrapped to the terminal's width
// where that is not 0.
std::string plugin_table(const std::vector<PluginEntry>& plugins, std::size_t width);

// "plugin 'video' is degraded in process 4711: the camera is missing".
std::string plugin_line(const PluginEntry& plugin);

}  // namespace backplane::ctl
