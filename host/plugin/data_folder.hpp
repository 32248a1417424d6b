// The private folder of an instance, <state directory>/plugins/<instance>.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "link/wire/settings.hpp"

namespace backplane::plugin {

// Makes it for a plugin that runs in a process of its own, which cannot, and gives it to the plugin's user. Where that
// is another than the daemon's, the folders above let it pass, but not look: they get the right to enter for all.
std::optional<base::Problem> prepare_data_folder(const link::Settings& settings);

}  // namespace backplane::plugin
