// How instances are linked to the daemon: on a thread of it, or in a process, which needs the runner's program and a
// data folder that it cannot make itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "link/process_link.hpp"
#include "link/thread_link.hpp"
#include "link/wire/settings.hpp"
#include "plugin/life.hpp"

namespace backplane::plugin {

// Makes a thread for each instance.
LinkFactory thread_links(const base::Clock& clock, link::Executor executor, base::Turn& turn);
// Makes a process for each, which is not let into the state directory. `host` outlives the links.
LinkFactory process_links(const link::ProcessHost& host, std::filesystem::path state_dir);

// The program that runs a plugin in a process: backplane-runner beside this program, as in a build tree, else where it
// is installed.
std::string runner_path();

// Makes <state directory>/plugins/<instance>, the private folder of an instance, and gives it to the plugin's user. If
// that is another user than the daemon's, the folders above let it pass, but not look: they get the right to enter for
// all.
std::optional<base::Problem> prepare_data_folder(const link::Settings& settings);

}  // namespace backplane::plugin
