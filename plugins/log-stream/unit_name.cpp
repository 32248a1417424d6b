#include "log-stream/unit_name.hpp"

#include <algorithm>
#include <array>

#include "log-stream/limits.hpp"
#include "log-stream/unit_rules.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::array<std::string_view, 11> kSuffixes{".service", ".socket", ".device", ".mount", ".automount", ".swap",
                                                     ".target",  ".path",   ".timer",  ".slice", ".scope"};
constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
constexpr std::string_view kPatternSigns = "*?[]!^";

}  // namespace

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
