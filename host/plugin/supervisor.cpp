#include "plugin/supervisor.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/log.hpp"
#include "config/limits.hpp"
#include "plugin/library.hpp"
#include "plugin/links.hpp"
#include "plugin/plugin_routes.hpp"

namespace backplane::plugin {
namespace {

std::string all_messages(const std::vector<base::Problem>& problems) {
  std::string text;
  for (const base::Problem& problem : problems) text += (text.empty() ? "" : "; ") + problem.message();
  return text;
}

base::Problem needs_daemon_restart(const std::string& name, std::string_view what) {
  return base::problem(base::Error::kUnsupported, fmt::format("{}; it needs a restart of the daemon", what), name);
}

base::Problem nobody(std::string_view instance) {
  return base::problem(base::Error::kNotFound, fmt::format("there is no plugin instance \"{}\"", instance));
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

Supervisor::Supervisor(const base::Clock& clock, http::Router& router, feed::Feeds& feeds, Options options)
    : clock_(clock), router_(router), feeds_(feeds), options_(std::move(options)) {}

Supervisor::~Supervisor() {
  // A route's handler points at its instance.
  for (const auto& instance : instances_) router_.remove_owner(instance->name());
}

std::vector<Candidate> Supervisor::candidates() const {
  return find_candidates(settings_, options_.plugin_dirs, options_.state_dir);
}

std::vector<base::Problem> Supervisor::load(const std::vector<config::PluginSettings>& plugins) {
  settings_ = plugins;
  Problems problems;
  for (Candidate& candidate : candidates()) load_one(std::move(candidate), problems);
  return problems;
}

Instance::Version Supervisor::version_of(const Candidate& candidate) const {
  Instance::Version version{candidate.manifest, candidate.config_json, candidate.isolation, {}};
  if (candidate.manifest == nullptr) return version;
  version.settings = declared_settings(candidate);
  link::Settings& settings = version.settings;
  settings.config_json = candidate.config_json.reveal();  // the plugin is who it is for
  settings.info = options_.info;
  settings.info.emplace_back("instance", candidate.instance);
  settings.data_dir = std::filesystem::absolute(options_.state_dir) / "plugins" / candidate.instance;
  settings.log_level = base::log_level();
  std::error_code error;
  version.library_time = std::filesystem::last_write_time(candidate.library, error);
  return version;
}

const LinkFactory& Supervisor::link_for(config::Isolation isolation) const {
  return isolation == config::Isolation::kProcess ? options_.process_link : options_.thread_link;
}

void Supervisor::load_one(Candidate candidate, Problems& problems) {
  Instance::Version version = version_of(candidate);
  Problems wrong = std::move(candidate.problems);
  if (instances_.size() >= config::limits::kPluginsMax) {
    wrong.push_back(base::problem(base::Error::kLimit,
                                  fmt::format("there are more than {} plugins", config::limits::kPluginsMax),
                                  candidate.instance));
  }
  if (wrong.empty() && version.isolation == config::Isolation::kThread) {
    const auto entry = load_library(candidate.library, candidate.manifest->bytes);
    if (entry) {
      version.settings.entry = *entry;
    } else {
      wrong.push_back(entry.error());
    }
  }
  if (wrong.empty() && version.isolation == config::Isolation::kProcess) {
    if (auto problem = prepare_data_folder(version.settings)) wrong.push_back(std::move(*problem));
  }
  auto instance = std::make_unique<Instance>(Instance::Identity{candidate.instance, candidate.plugin, candidate.mount},
                                             std::move(version), clock_, feeds_, options_.notice, options_.changed);
  Instance& made = *instance;
  made.on_new_file([this, &made] {
    restart(made.name(), [&made](const std::optional<base::Problem>& problem) {
      if (problem) made.start_again();  // with what it was; its next end says what is wrong with that
    });
  });
  if (wrong.empty())
    wrong = router_.replace_owner(candidate.instance, routes_of(*instance, candidate.manifest, styles_));
  if (wrong.empty()) {
    ready_.push_back(instance.get());
  } else {
    instance->refuse(all_messages(wrong));
  }
  std::move(wrong.begin(), wrong.end(), std::back_inserter(problems));
  instances_.push_back(std::move(instance));
}

void Supervisor::set_error_styles(std::vector<exchange::ErrorStyle> styles) {
  if (styles == styles_) return;
  styles_ = std::move(styles);
  for (const auto& instance : instances_) {
    const auto& manifest = instance->version().manifest;
    if (!manifest || instance->state() == State::kRefused) continue;
    router_.replace_owner(instance->name(), routes_of(*instance, manifest, styles_));
  }
}

void Supervisor::start(std::function<void()> settled) {
  const auto all = std::make_shared<Gathering>([settled = std::move(settled)](const Problems&) { settled(); });
  for (Instance* instance : ready_) instance->start(link_for(instance->version().isolation), [all] {});
  ready_.clear();
}

void Supervisor::reload(const std::vector<config::PluginSettings>& plugins, std::function<void(Problems)> done) {
  settings_ = plugins;
  const auto all = std::make_shared<Gathering>(std::move(done));
  const auto needs_restart = [&all](const std::string& name, std::string_view what) {
    all->add(needs_daemon_restart(name, what));
  };
  std::map<std::string, Instance*> left;
  for (const auto& instance : instances_) left.emplace(instance->name(), instance.get());
  for (Candidate& candidate : candidates()) {
    const auto known = left.find(candidate.instance);
    if (known == left.end()) {
      needs_restart(candidate.instance, "the plugin is new");
      continue;
    }
    Instance& instance = *known->second;
    left.erase(known);
    if (auto problem = not_the_same(instance, candidate)) {
      all->add(std::move(*problem));
    } else if (!candidate.problems.empty()) {
      for (base::Problem& problem : candidate.problems) all->add(std::move(problem));
    } else {
      reload_one(instance, std::move(candidate), [all](std::optional<base::Problem> problem) {
        if (problem) all->add(std::move(*problem));
      });
    }
  }
  for (const auto& [name, instance] : left) needs_restart(name, "the plugin is no longer configured");
}

std::optional<base::Problem> Supervisor::not_the_same(const Instance& instance, const Candidate& candidate) {
  if (instance.identity().plugin != candidate.plugin || instance.identity().mount != candidate.mount) {
    return needs_daemon_restart(instance.name(), "another plugin or mount");
  }
  // One that has problems has no decided isolation, and they say more.
  if (candidate.problems.empty() && instance.version().isolation != candidate.isolation) {
    return needs_daemon_restart(instance.name(), "another isolation");
  }
  return std::nullopt;
}

void Supervisor::reload_one(Instance& instance, Candidate candidate, const Done& done) {
  const Instance::Version& present = instance.version();
  Instance::Version next = version_of(candidate);
  const bool process = next.isolation == config::Isolation::kProcess;
  const bool same_config = present.config_json.reveal() == next.config_json.reveal();
  const bool same_process = present.manifest && present.manifest->bytes == next.manifest->bytes &&
                            present.library_time == next.library_time &&
                            present.settings.sandbox == next.settings.sandbox &&
                            present.settings.feeds_readable == next.settings.feeds_readable;
  if (instance.state() == State::kDisabled && !(same_process && same_config)) {
    return done(
        base::problem(base::Error::kConflict,
                      fmt::format("it is disabled; `backplanectl plugin restart {}` starts it with what has changed",
                                  instance.name()),
                      instance.name()));
  }
  if (process && !same_process) return replace(instance, std::move(next), done);
  if (same_config) return;
  if (process && !instance.serving()) return replace(instance, std::move(next), done);
  instance.configure(candidate.config_json, [this, process, &instance, next = std::move(next),
                                             done](std::optional<base::Problem> problem) mutable {
    if (process && problem && problem->code == base::Error::kUnsupported) {
      return replace(instance, std::move(next), std::move(done));
    }
    done(std::move(problem));
  });
}

void Supervisor::replace(Instance& instance, Instance::Version version, Done done) {
  if (auto problem = prepare_data_folder(version.settings)) return done(std::move(problem));
  const auto publish = [this,
                        &instance](const std::shared_ptr<const Manifest>& manifest) -> std::optional<base::Problem> {
    const Problems wrong = router_.replace_owner(instance.name(), routes_of(instance, manifest, styles_));
    if (wrong.empty()) return std::nullopt;
    return base::problem(base::Error::kConflict, all_messages(wrong), instance.name());
  };
  instance.replace(std::move(version), link_for(config::Isolation::kProcess), publish,
                   [this, done = std::move(done)](std::optional<base::Problem> problem) {
                     if (!problem && options_.scopes_changed) options_.scopes_changed();
                     done(std::move(problem));
                   });
}

void Supervisor::restart(std::string_view name, Done done) {
  Instance* instance = find(name);
  if (instance == nullptr) return done(nobody(name));
  std::vector<Candidate> found = candidates();
  const auto candidate =
      std::find_if(found.begin(), found.end(), [name](const Candidate& one) { return one.instance == name; });
  if (candidate == found.end()) {
    return done(base::problem(base::Error::kConflict, "the plugin is no longer configured", std::string(name)));
  }
  if (auto problem = not_the_same(*instance, *candidate)) return done(std::move(problem));
  if (!candidate->problems.empty()) return done(candidate->problems.front());
  if (instance->version().isolation == config::Isolation::kThread) {
    return instance->disable([instance, config = candidate->config_json,
                              done = std::move(done)](std::optional<base::Problem> problem) mutable {
      if (problem) return done(std::move(problem));
      instance->set_config(std::move(config));
      instance->enable(std::move(done));
    });
  }
  replace(*instance, version_of(*candidate), std::move(done));
}

void Supervisor::disable(std::string_view name, Done done) {
  Instance* instance = find(name);
  if (instance == nullptr) return done(nobody(name));
  instance->disable(std::move(done));
}

void Supervisor::enable(std::string_view name, Done done) {
  Instance* instance = find(name);
  if (instance == nullptr) return done(nobody(name));
  // A process that is down starts from its files as they are now: they may be what was mended.
  const bool process = instance->version().isolation == config::Isolation::kProcess;
  if (process && !instance->serving()) return restart(name, std::move(done));
  instance->enable(std::move(done));
}

Instance* Supervisor::find(std::string_view instance) const {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [instance](const auto& one) { return one->name() == instance; });
  return found == instances_.end() ? nullptr : found->get();
}

bool Supervisor::owns_process(pid_t pid) const {
  return std::any_of(instances_.begin(), instances_.end(), [pid](const auto& one) { return one->owns_process(pid); });
}

void Supervisor::stop(std::function<void(bool)> stopped) {
  ready_.clear();
  const auto clean = std::make_shared<bool>(true);
  const auto all =
      std::make_shared<Gathering>([clean, stopped = std::move(stopped)](const Problems&) { stopped(*clean); });
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

}  // namespace backplane::plugin
