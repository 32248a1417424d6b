#include "ctl/validate_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "validate/validate.hpp"

namespace backplane::ctl {

ValidateCommand::ValidateCommand() {
  const validate::Options standard;
  level_ = standard.level;
  seed_ = standard.seed;
  config_json_ = standard.config_json;
}

void ValidateCommand::add_to(CLI::App& command) {
  command.add_option("FILE", file_, "The plugin's .so; its manifest stands beside it")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("--level", level_, "1: file, start and stop; 2: each route; 3: random input and load")
      ->check(CLI::Range(1, validate::kLevelMax))
      ->capture_default_str();
  command.add_option("--seed", seed_, "Of the random input; the report names it")->capture_default_str();
  command.add_option("--config", config_json_, "The instance's configuration as JSON")->capture_default_str();
  command.add_flag("--json", json_, "Print the report as JSON");
}

int ValidateCommand::run() const {
  base::set_log_level(base::Level::kWarning);  // what the plugin writes to its standard error
  const validate::Report report =
      validate::run({.file = file_, .level = level_, .seed = seed_, .config_json = config_json_});
  fmt::print("{}{}", json_ ? validate::to_json(report) : validate::to_text(report), json_ ? "\n" : "");
  return report.passed() ? 0 : 1;
}

}  // namespace backplane::ctl
