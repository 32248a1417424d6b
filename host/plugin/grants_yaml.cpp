#include "plugin/grants_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace backplane::plugin {
namespace {

// A text as it can be written into a YAML flow list.
std::string yaml_text(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '.';
  });
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string grants_yaml(const config::PluginGrants& grants) {
  std::string text;
  const auto add = [&text](std::string_view key, const std::string& value) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, value);
  };
  const auto add_list = [&add](std::string_view key, const std::vector<std::string>& list) {
    std::string items;
    for (const std::string& item : list) items += (items.empty() ? "" : ", ") + yaml_text(item);
    if (!list.empty()) add(key, "[" + items + "]");
  };
  add_list("devices", grants.devices);
  add_list("paths", grants.paths);
  add_list("capabilities", grants.capabilities);
  add_list("feeds", grants.feeds);
  if (grants.network) add("network", "true");
  return "grants: { " + text + " }";
}

}  // namespace backplane::plugin
