#include "log-stream/settings.hpp"

#include <backplane/config.hpp>
#include <stdexcept>

#include "log-stream/unit_name.hpp"

namespace backplane::log_stream {
namespace {

std::vector<std::string> unit_names(const std::vector<std::string>& texts) {
  std::vector<std::string> names;
  for (const std::string& text : texts) {
    auto name = unit_name(text);
    if (!name) throw std::invalid_argument("kvmd_units: " + quoted(text) + " can be no unit of systemd");
    names.push_back(std::move(*name));
  }
  return names;
}

std::shared_ptr<const Masks> make_masks(const sdk::Config& config) {
  std::vector<std::string> rules = config.texts("mask_rules");  // first, so that a problem has the owner's number
  if (config.boolean("mask_defaults")) rules.insert(rules.end(), Masks::defaults().begin(), Masks::defaults().end());
  return std::make_shared<const Masks>(rules);
}

}  // namespace

Settings parse_settings(std::string_view config_json) {
  const sdk::Config config(config_json);
  Settings settings;
  if (config.has("directory")) settings.place.directory = config.text("directory");
  settings.kvmd_enabled = config.boolean("kvmd_enabled");
  settings.kvmd_units = unit_names(config.texts("kvmd_units"));
  settings.filtered_followers_max = static_cast<std::size_t>(config.integer("filtered_followers_max"));
  settings.masks = make_masks(config);
  return settings;
}

}  // namespace backplane::log_stream
