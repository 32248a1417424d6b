#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "link/status.hpp"
#include "plugin/limits.hpp"
#include "validate/checks/checks.hpp"
#include "validate/config_values.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

constexpr std::size_t kShownBytesMax = 300;  // of a configuration in a message

struct Counts {
  std::size_t applied = 0;
  std::size_t started = 0;
  std::size_t refused = 0;
};

// Gives a plugin one configuration after the other, as a reload of the daemon does: by on_config, and where that asks
// for a restart, to a fresh process.
class ConfigTrials {
 public:
  explicit ConfigTrials(Bench& bench) : bench_(bench) {}

  // What is wrong; empty: it took the configuration, or refused it in good order.
  std::string give(const std::string& json) {
    if (!trial_) {
      if (std::string wrong = start(bench_.config_json()); !wrong.empty()) return wrong;
      if (!trial_) return "it does not start again with its own configuration";
    }
    trial_->forget_mistakes();
    const auto outcome = trial_->configure(json);
    if (trial_->lost()) return "its process ended in on_config: " + *trial_->lost();
    if (!outcome) return fmt::format("on_config has not answered within {} s", plugin::limits::kPluginStartMs / 1000);
    if (!trial_->heard().mistakes.empty()) return trial_->heard().mistakes.front();
    switch (outcome->status) {
      case BP_OK:
        ++counts_.applied;
        return {};
      case BP_E_INVALID:
        ++counts_.refused;
        return {};
      case BP_E_UNSUPPORTED:
        break;
      default:
        return fmt::format("on_config answered {}, and not OK, UNSUPPORTED or INVALID",
                           link::status_name(outcome->status));
    }
    if (std::string wrong = trial_->stop(); !wrong.empty()) return "before a restart: " + wrong;
    if (std::string wrong = start(json); !wrong.empty()) return wrong;
    ++(trial_ ? counts_.started : counts_.refused);
    return {};
  }

  const Counts& counts() const { return counts_; }

 private:
  // A start that is refused in good order leaves no trial.
  std::string start(const std::string& json) {
    trial_ = bench_.make_trial(json);
    const std::string refused = trial_->start();
    if (trial_->lost()) return "its process ended at the start: " + *trial_->lost();
    if (trial_->start_ms() >= plugin::limits::kPluginStartMs) return refused;
    if (!trial_->heard().mistakes.empty()) return trial_->heard().mistakes.front();
    if (!refused.empty()) trial_.reset();
    return {};
  }

  Bench& bench_;
  Counts counts_;
  std::unique_ptr<Trial> trial_;
};

Finding give_all(Bench& bench, const std::vector<std::string>& configs) {
  if (configs.empty()) return skipped("its schema leaves nothing to choose");
  bench.put_away();
  ConfigTrials trials(bench);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    if (const std::string why = bench.hopeless(); !why.empty()) return skipped(why);
    const std::string wrong = trials.give(configs[i]);
    if (wrong.empty()) continue;
    bench.count_crash();
    return failed(fmt::format("{} (configuration {} of {}: {})", wrong, i + 1, configs.size(),
                              base::clean_text(configs[i], kShownBytesMax)),
                  "refuse with a reason what cannot be used, or let the schema refuse it");
  }
  const Counts& counts = trials.counts();
  return ok(fmt::format("{} configurations: {} applied as it ran, {} by a restart, {} refused", configs.size(),
                        counts.applied, counts.started, counts.refused));
}

}  // namespace

void check_config_bounds(Bench& bench) {
  bench.add(2, "configuration bounds",
            give_all(bench, configs_at_bounds(bench.manifest().config_schema, bench.config_json(),
                                              limits::kValidateBoundaryConfigsMax)));
}

void check_random_configs(Bench& bench) {
  bench.add(
      3, "random configurations",
      give_all(bench, random_configs(bench.manifest().config_schema, bench.random(), limits::kValidateRandomConfigs)));
}

}  // namespace backplane::validate
