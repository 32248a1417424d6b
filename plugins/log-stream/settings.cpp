#include "log-stream/settings.hpp"

#include <algorithm>
#include <array>
#include <backplane/config.hpp>
#include <stdexcept>

#include "log-stream/limits.hpp"
#include "log-stream/query/unit_rules.hpp"
#include "log-stream/text.hpp"

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

// The daemon's audit lines: whose logins, and from where, is for administrators (as GET /api/v1/audit is), whatever
// else is masked. The event itself stays.
constexpr const char* kAuditRule = R"((?s)\baudit: [a-z.-]+ user '(.*))";

std::shared_ptr<const Masks> make_masks(const sdk::Config& config) {
  std::vector<std::string> rules = config.texts("mask_rules");  // first, so that a problem has the owner's number
  if (config.boolean("mask_defaults")) rules.insert(rules.end(), Masks::defaults().begin(), Masks::defaults().end());
  rules.emplace_back(kAuditRule);
  return std::make_shared<const Masks>(rules);
}

constexpr std::array<std::string_view, 11> kSuffixes{".service", ".socket", ".device", ".mount", ".automount", ".swap",
                                                     ".target",  ".path",   ".timer",  ".slice", ".scope"};
constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
constexpr std::string_view kPatternSigns = "*?[]!^";

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

std::optional<std::string> unit_name(std::string_view text) {
  std::string name(text);
  const bool pattern = is_unit_pattern(text);
  const bool suffixed =
      std::any_of(kSuffixes.begin(), kSuffixes.end(), [&](std::string_view suffix) { return text.ends_with(suffix); });
  if (!pattern && !suffixed) name += kSuffixes[0];
  const std::string allowed = std::string(kAllowed).append(pattern ? kPatternSigns : "");
  if (text.empty() || name.size() > kUnitNameBytesMax || name.find_first_not_of(allowed) != std::string::npos) {
    return std::nullopt;
  }
  return name;
}

}  // namespace backplane::log_stream
