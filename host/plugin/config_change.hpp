// A new configuration that a plugin has been given and has not answered yet.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "link/wire/message.hpp"

namespace backplane::plugin {

class ConfigChange {
 public:
  using Done = std::function<void(std::optional<base::Problem>)>;

  bool pending() const { return static_cast<bool>(done_); }
  // A number for the next one, which the plugin's answer repeats.
  std::uint64_t number_next() { return ++number_; }
  // The plugin has got the one that was numbered last; `done` is called once. It has kPluginStartMs to answer.
  void begin(base::Secret config_json, Done done, std::int64_t now_ms);

  bool is_answered_by(std::uint64_t number) const { return number == number_ && pending(); }
  bool overdue(std::int64_t now_ms) const { return pending() && now_ms >= answer_by_ms_; }
  base::Secret take_config() { return std::move(config_json_); }
  // Calls `done`, if anybody waits.
  void finish(std::optional<base::Problem> problem);

 private:
  std::uint64_t number_ = 0;
  base::Secret config_json_;
  Done done_;
  std::int64_t answer_by_ms_ = 0;
};

// What the plugin's answer means for the operator; nothing if it has taken the configuration.
std::optional<base::Problem> config_problem(const link::Outcome& answer, const std::string& instance);
// The same for a plugin that has not answered in time: as if it had said that only a restart can apply it, so that a
// process is replaced.
base::Problem unanswered_config(const std::string& instance);

}  // namespace backplane::plugin
