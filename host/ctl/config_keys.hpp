// The keys of a plugin's config, as the schema in its manifest describes them.
#pragma once

#include <string_view>
#include <vector>

#include "config/json/value.hpp"
#include "ctl/terminal.hpp"

namespace backplane::ctl {

// A row of headings and one for each key: its path ("ports.*", "lines[].pin"), type, default and description. Empty
// where the schema, which has been checked, describes none.
std::vector<Row> config_keys(const config::JsonValue& schema);

}  // namespace backplane::ctl
