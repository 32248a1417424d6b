#include "plugin/supervisor.hpp"

#include <algorithm>
#include <map>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin_routes.hpp"

namespace backplane::plugin {
namespace {

namespace limits = base::limits;

link::Settings link_settings(const Candidate& candidate, const bp_plugin_entry* entry,
                             const Supervisor::Options& options) {
  link::Settings settings;
  settings.instance = candidate.instance;
  settings.mount = candidate.mount;
  settings.entry = entry;
  settings.extensions = candidate.manifest->needed;
  settings.extensions.insert(settings.extensions.end(), candidate.manifest->wanted.begin(),
                             candidate.manifest->wanted.end());
  for (const ManifestRoute& route : candidate.manifest->routes) {
    settings.routes.push_back({route.id, route.kind == http::RouteKind::kWebSocket});
  }
  settings.config_json = candidate.config_json.reveal();  // the plugin is who it is for
  settings.info = options.info;
  settings.info.emplace_back("instance", candidate.instance);
  settings.data_dir = options.data_dir / candidate.instance;
  return settings;
}

std::string all_messages(const std::vector<base::Problem>& problems) {
  std::string text;
  for (const base::Problem& problem : problems) text += (text.empty() ? "" : "; ") + problem.message();
  return text;
}

// Calls `done` once everybody who holds a copy has reported.
class Gathering {
 public:
  explicit Gathering(std::function<void(std::vector<base::Problem>)> done) : done_(std::move(done)) {}
  ~Gathering() { done_(std::move(problems_)); }
  void add(base::Problem problem) { problems_.push_back(std::move(problem)); }

 private:
  std::function<void(std::vector<base::Problem>)> done_;
  std::vector<base::Problem> problems_;
};

}  // namespace

Supervisor::Supervisor(const base::Clock& clock, http::Router& router, Options options)
    : clock_(clock), router_(router), options_(std::move(options)) {}

Supervisor::~Supervisor() {
  // A route's handler points at its instance.
  for (const auto& instance : instances_) router_.remove_owner(instance->name());
}

std::vector<base::Problem> Supervisor::load(const std::vector<config::PluginSettings>& plugins) {
  std::vector<base::Problem> problems;
  for (Candidate& candidate : find_candidates(plugins, options_.plugin_dirs)) {
    load_one(std::move(candidate), problems);
  }
  return problems;
}

void Supervisor::load_one(Candidate candidate, std::vector<base::Problem>& problems) {
  auto instance = std::make_unique<Instance>(Instance::Identity{candidate.instance, candidate.plugin, candidate.mount,
                                                                candidate.config_json, candidate.manifest},
                                             clock_);
  std::vector<base::Problem> wrong = std::move(candidate.problems);
  if (instances_.size() >= limits::kPluginsMax) {
    wrong.push_back(base::problem(
        base::Error::kLimit, fmt::format("there are more than {} plugins", limits::kPluginsMax), candidate.instance));
  }
  if (wrong.empty()) {
    auto entry = load_library(candidate.library, candidate.manifest->bytes);
    if (!entry) {
      wrong.push_back(entry.error());
    } else {
      wrong = router_.replace_owner(candidate.instance, routes_of(*instance));
      if (wrong.empty()) ready_.push_back({instance.get(), link_settings(candidate, *entry, options_)});
    }
  }
  if (!wrong.empty()) instance->refuse(all_messages(wrong));
  std::move(wrong.begin(), wrong.end(), std::back_inserter(problems));
  instances_.push_back(std::move(instance));
}

void Supervisor::start(std::function<void()> settled) {
  const auto all =
      std::make_shared<Gathering>([settled = std::move(settled)](const std::vector<base::Problem>&) { settled(); });
  for (Ready& ready : ready_) {
    ready.instance->start(options_.make_link, std::move(ready.settings), [all] {});
  }
  ready_.clear();
}

void Supervisor::reload(const std::vector<config::PluginSettings>& plugins,
                        std::function<void(std::vector<base::Problem>)> done) {
  const auto all = std::make_shared<Gathering>(std::move(done));
  const auto restart = [&all](const std::string& name, std::string_view what) {
    all->add(base::problem(base::Error::kUnsupported, fmt::format("{}; it needs a restart of the daemon", what), name));
  };
  std::map<std::string, Instance*> left;
  for (const auto& instance : instances_) left.emplace(instance->name(), instance.get());
  for (Candidate& candidate : find_candidates(plugins, options_.plugin_dirs)) {
    const auto known = left.find(candidate.instance);
    if (known == left.end()) {
      restart(candidate.instance, "the plugin is new");
      continue;
    }
    Instance& instance = *known->second;
    left.erase(known);
    if (instance.identity().plugin != candidate.plugin || instance.identity().mount != candidate.mount) {
      restart(candidate.instance, "another plugin or mount");
    } else if (!candidate.problems.empty()) {
      for (base::Problem& problem : candidate.problems) all->add(std::move(problem));
    } else if (instance.config_json().reveal() != candidate.config_json.reveal()) {
      instance.configure(candidate.config_json, [all](std::optional<base::Problem> problem) {
        if (problem) all->add(std::move(*problem));
      });
    }
  }
  for (const auto& [name, instance] : left) restart(name, "the plugin is no longer configured");
}

void Supervisor::stop(std::function<void(bool)> stopped) {
  ready_.clear();
  const auto clean = std::make_shared<bool>(true);
  const auto all = std::make_shared<Gathering>(
      [clean, stopped = std::move(stopped)](const std::vector<base::Problem>&) { stopped(*clean); });
  for (const auto& instance : instances_) {
    instance->stop([all, clean](bool this_one) { *clean = *clean && this_one; });
  }
}

void Supervisor::tick() {
  for (const auto& instance : instances_) instance->tick();
}

std::vector<ManifestScope> Supervisor::scopes() const {
  std::vector<ManifestScope> scopes;
  for (const auto& instance : instances_) {
    if (instance->manifest() == nullptr) continue;
    for (const ManifestScope& scope : instance->manifest()->scopes) {
      const bool known = std::any_of(scopes.begin(), scopes.end(),
                                     [&scope](const ManifestScope& other) { return other.name == scope.name; });
      if (!known) scopes.push_back(scope);
    }
  }
  return scopes;
}

LinkFactory thread_links(const base::Clock& clock, link::Executor executor, base::Turn& turn) {
  return [&clock, executor = std::move(executor), &turn](link::Settings settings, link::Receiver& receiver) {
    return std::make_unique<link::ThreadLink>(std::move(settings), clock, executor, turn, receiver);
  };
}

}  // namespace backplane::plugin
