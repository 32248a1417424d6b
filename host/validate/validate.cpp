#include "validate/validate.hpp"

#include <stdlib.h>

#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/json/config_check.hpp"
#include "plugin/candidate.hpp"
#include "plugin/links.hpp"
#include "validate/checks/checks.hpp"

namespace backplane::validate {
namespace {

// A folder of this run, gone with the object.
class StateFolder {
 public:
  StateFolder() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "backplane-validate-XXXXXX").string();
    if (!error && ::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~StateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

plugin::Candidate find_candidate(const Options& options, const std::filesystem::path& state_dir) {
  const std::filesystem::path file = std::filesystem::absolute(options.file).lexically_normal();
  config::PluginSettings settings;
  settings.instance = file.stem().string();
  settings.plugin = settings.instance;
  settings.isolation = config::Isolation::kProcess;
  auto config = config::parse_config(options.config_json, {.path = "plugins." + settings.instance + ".config"});
  if (config) settings.config = *config;
  // As a plugin of the host's own folder: it is given what its manifest asks for.
  plugin::Candidate candidate = std::move(plugin::find_candidates({settings}, {file.parent_path()}, state_dir).front());
  if (!config && candidate.manifest != nullptr) candidate.problems = {config.error()};
  return candidate;
}

Finding all_of(const std::vector<base::Problem>& problems, std::string remedy) {
  std::string text;
  for (const base::Problem& problem : problems) text += (text.empty() ? "" : "; ") + problem.message();
  return failed(std::move(text), std::move(remedy));
}

void run_levels(Bench& bench, int level) {
  if (!check_start(bench) || level < 2) return;
  check_routes(bench);
  check_hostile(bench);
  check_streams(bench);
  check_config_bounds(bench);
  if (level >= 3) {
    check_random_requests(bench);
    check_load(bench);
    check_random_configs(bench);
  }
  if (const std::string why = bench.hopeless(); !why.empty())
    bench.add(level, "the run", failed("it was cut short: " + why));
}

void run_checks(const Options& options, Report& report) {
  const StateFolder state;
  if (state.path().empty()) {
    report.checks.push_back({1, "state folder", failed("there is no room for a temporary folder", "set TMPDIR")});
    return;
  }
  plugin::Candidate candidate = find_candidate(options, state.path());
  if (candidate.manifest == nullptr) {
    report.checks.push_back(
        {1, "manifest", all_of(candidate.problems, "see the README of the plugin API for its keys")});
    return;
  }
  const std::shared_ptr<const plugin::Manifest> manifest = candidate.manifest;
  report.plugin = manifest->id + " " + manifest->version;
  report.checks.push_back({1, "manifest", ok(manifest->file.filename().string())});
  const bool runs = check_file(*manifest, candidate.library, report);
  if (!candidate.problems.empty()) {
    report.checks.push_back({1, "configuration", all_of(candidate.problems, "--config gives it another")});
  }
  if (!runs || !candidate.problems.empty()) {
    report.checks.push_back({1, "start", skipped("what stands above has to be mended first")});
    return;
  }
  Bench bench(std::move(candidate), state.path(), options.seed, report);
  run_levels(bench, options.level);
}

}  // namespace

Report run(const Options& options) {
  const std::int64_t began_ms = base::system_clock().steady_ms();
  Report report;
  report.file = options.file.string();
  report.level = options.level;
  report.seed = std::to_string(options.seed);
  run_checks(options, report);
  report.took_ms = static_cast<long>(base::system_clock().steady_ms() - began_ms);
  return report;
}

}  // namespace backplane::validate
