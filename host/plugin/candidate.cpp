#include "plugin/candidate.hpp"

#include <map>
#include <utility>

#include "config/json/config_check.hpp"
#include "http/router.hpp"
#include "plugin/isolation/isolation.hpp"
#include "plugin/isolation/paths.hpp"
#include "plugin/plugin_routes.hpp"

namespace backplane::plugin {
namespace {

struct Found {
  ManifestOutcome outcome;
  std::shared_ptr<const Manifest> manifest;
  bool in_host_dir = false;
};

class Finder {
 public:
  explicit Finder(const std::vector<std::filesystem::path>& dirs) : dirs_(dirs) {}

  // Reads each manifest once, however many instances it has; null if no folder has it.
  const Found* find(const std::string& plugin) {
    const auto known = found_.find(plugin);
    if (known != found_.end()) return known->second ? &*known->second : nullptr;
    std::optional<Found>& found = found_[plugin];
    for (std::size_t i = 0; i < dirs_.size(); ++i) {
      const std::filesystem::path file = dirs_[i] / (plugin + ".json");
      std::error_code error;
      if (!std::filesystem::exists(file, error)) continue;
      found.emplace(Found{read_manifest(file), nullptr, i == 0});
      if (found->outcome.manifest) {
        found->manifest = std::make_shared<const Manifest>(std::move(*found->outcome.manifest));
      }
      return &*found;
    }
    return nullptr;
  }

  std::string folders() const {
    std::string text;
    for (const auto& dir : dirs_) text += (text.empty() ? "" : ", ") + dir.string();
    return text.empty() ? "none, plugin_dirs is empty" : text;
  }

 private:
  const std::vector<std::filesystem::path>& dirs_;
  std::map<std::string, std::optional<Found>> found_;
};

Candidate make_candidate(const config::PluginSettings& settings, const std::filesystem::path& state_dir,
                         Finder& finder) {
  Candidate candidate;
  candidate.instance = settings.instance;
  candidate.plugin = settings.plugin;
  candidate.mount = settings.mount;
  const Found* found = finder.find(settings.plugin);
  if (found == nullptr) {
    candidate.problems.push_back(base::problem(base::Error::kNotFound,
                                               settings.instance + ": there is no plugin \"" + settings.plugin +
                                                   "\"; looked for " + settings.plugin + ".json in " + finder.folders(),
                                               settings.where));
    return candidate;
  }
  candidate.problems = found->outcome.problems;
  if (found->manifest == nullptr) return candidate;
  candidate.manifest = found->manifest;
  candidate.library = std::filesystem::path(found->manifest->file).replace_extension(".so");
  IsolationDecision decision = decide_isolation(settings, found->manifest->needs, found->in_host_dir, state_dir);
  for (base::Problem& problem : decision.problems) candidate.problems.push_back(std::move(problem));
  candidate.isolation = decision.isolation;
  candidate.sandbox = std::move(decision.sandbox);
  candidate.feeds = std::move(decision.feeds);
  config::JsonCheck checked = config::check_plugin_config(settings, found->manifest->config_schema);
  for (base::Problem& problem : checked.problems) candidate.problems.push_back(std::move(problem));
  candidate.config_json = std::move(checked.json);
  if (candidate.isolation == config::Isolation::kProcess) {
    for (base::Problem& problem : give_config_paths(checked.paths, state_dir, candidate.sandbox)) {
      candidate.problems.push_back(std::move(problem));
    }
  }
  return candidate;
}

}  // namespace

std::vector<Candidate> find_candidates(const std::vector<config::PluginSettings>& plugins,
                                       const std::vector<std::filesystem::path>& plugin_dirs,
                                       const std::filesystem::path& state_dir) {
  Finder finder(plugin_dirs);
  std::vector<Candidate> candidates;
  std::map<std::string, std::string> first_instance;
  for (const config::PluginSettings& settings : plugins) {
    Candidate candidate = make_candidate(settings, state_dir, finder);
    const auto [first, is_new] = first_instance.try_emplace(settings.plugin, settings.instance);
    if (!is_new && candidate.manifest && candidate.manifest->single_instance) {
      candidate.problems.push_back(base::problem(base::Error::kConflict,
                                                 settings.instance + ": the plugin \"" + settings.plugin +
                                                     "\" allows one instance, and " + first->second + " is one",
                                                 settings.where));
    }
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

std::vector<base::Problem> check_plugins(const std::vector<config::PluginSettings>& plugins,
                                         const std::vector<std::filesystem::path>& plugin_dirs,
                                         const std::filesystem::path& state_dir, std::vector<http::Route> host_routes) {
  http::Router router;
  std::vector<base::Problem> problems = router.replace_owner("host", std::move(host_routes));
  for (Candidate& candidate : find_candidates(plugins, plugin_dirs, state_dir)) {
    for (base::Problem& problem : candidate.problems) problems.push_back(std::move(problem));
    if (candidate.manifest == nullptr) continue;
    std::vector<base::Problem> collisions = router.replace_owner(
        candidate.instance, declared_routes(candidate.instance, candidate.mount, *candidate.manifest));
    for (base::Problem& problem : collisions) {
      if (problem.where.empty()) problem.where = candidate.manifest->file.string();
      problems.push_back(std::move(problem));
    }
  }
  return problems;
}

link::Settings declared_settings(const Candidate& candidate) {
  const Manifest& manifest = *candidate.manifest;
  link::Settings settings;
  settings.instance = candidate.instance;
  settings.mount = candidate.mount;
  settings.library = std::filesystem::absolute(candidate.library);
  settings.manifest = manifest.bytes;
  settings.sandbox = candidate.sandbox;
  settings.extensions = manifest.needed;
  settings.extensions.insert(settings.extensions.end(), manifest.wanted.begin(), manifest.wanted.end());
  for (const ManifestRoute& route : manifest.routes) {
    settings.routes.push_back({route.id, route.kind == http::RouteKind::kWebSocket});
  }
  for (const ManifestFeed& feed : manifest.feeds) settings.feeds.push_back({feed.id, feed.depth});
  settings.feeds_readable = candidate.feeds;
  return settings;
}

}  // namespace backplane::plugin
