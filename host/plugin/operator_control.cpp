// What operators do to single plugins.
#include <algorithm>

#include "plugin/supervisor.hpp"

namespace backplane::plugin {
namespace {

base::Problem nobody(std::string_view instance) {
  return base::problem(base::Error::kNotFound, fmt::format("there is no plugin instance \"{}\"", instance));
}

}  // namespace

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

}  // namespace backplane::plugin
