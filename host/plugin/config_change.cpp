#include "plugin/config_change.hpp"

#include <fmt/format.h>

#include "link/status.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {

void ConfigChange::begin(base::Secret config_json, Done done, std::int64_t now_ms) {
  done_ = std::move(done);
  answer_by_ms_ = now_ms + limits::kPluginStartMs;
  config_json_ = std::move(config_json);
}

void ConfigChange::finish(std::optional<base::Problem> problem) {
  if (done_) std::exchange(done_, nullptr)(std::move(problem));
}

std::optional<base::Problem> config_problem(const link::Outcome& answer, const std::string& instance) {
  const auto error = link::from_status(answer.status);
  if (!error) return std::nullopt;
  const char* text = *error == base::Error::kUnsupported ? "the new configuration needs a restart of the daemon"
                                                         : "the plugin keeps its old configuration";
  return base::problem(*error, answer.text.empty() ? text : fmt::format("{}: {}", text, answer.text), instance);
}

base::Problem unanswered_config(const std::string& instance) {
  return base::problem(base::Error::kUnsupported,
                       fmt::format("it has not answered its new configuration within {} s; the "
                                   "configuration needs a restart of the plugin",
                                   limits::kPluginStartMs / 1000),
                       instance);
}

}  // namespace backplane::plugin
