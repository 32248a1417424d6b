#include <fmt/format.h>

#include "link/limits.hpp"
#include "validate/checks/checks.hpp"

namespace backplane::validate {
namespace {

Finding broke(const Trial& trial, const std::string& why) {
  std::string text = why;
  if (!trial.heard().last_error.empty()) text += "; it logged: " + trial.heard().last_error;
  return failed(std::move(text), "mend that, or give it with --config what it cannot start without");
}

Finding describe_start(const Trial& trial) {
  std::string text = fmt::format("a process, the sandbox, load, create and start took {} ms", trial.start_ms());
  if (trial.degraded()) text += "; degraded: " + trial.state_text();
  return ok(std::move(text));
}

Finding describe_sandbox(const Trial& trial) {
  std::string missing;
  for (const link::SandboxLayer& layer : trial.layers()) {
    // Whose process it is, is the owner's choice.
    if (!layer.active && layer.name != "user")
      missing += (missing.empty() ? "" : "; ") + layer.name + ": " + layer.text;
  }
  if (missing.empty()) return ok("every layer that does not depend on the owner was in force");
  return {Verdict::kNote, "not in force here: " + missing, {}};
}

Finding describe_stop(Trial& trial) {
  const std::string why = trial.stop();
  if (!why.empty()) {
    return failed(
        why, fmt::format("answer stop within {} s, and join your threads before", link::limits::kPluginStopMs / 1000));
  }
  if (!trial.heard().mistakes.empty()) return failed(trial.heard().mistakes.front());
  return ok(fmt::format("{} ms", trial.stop_ms()));
}

}  // namespace

bool check_start(Bench& bench) {
  const auto first = bench.make_trial(bench.config_json());
  const std::string refused = first->start();
  bench.add(1, "start", refused.empty() ? describe_start(*first) : broke(*first, refused));
  if (!refused.empty()) return false;
  bench.add(1, "sandbox", describe_sandbox(*first));
  bench.add(1, "stop", describe_stop(*first));
  const auto second = bench.make_trial(bench.config_json());
  const std::string again = second->start();
  Finding finding = again.empty() ? describe_stop(*second) : broke(*second, again);
  if (finding.verdict == Verdict::kOk) {
    finding.text = fmt::format("it also starts with what the first run has left, in {} ms", second->start_ms());
  }
  bench.add(1, "second start", std::move(finding));
  return again.empty();
}

}  // namespace backplane::validate
