#include "ctl/plugin_entry.hpp"

#include <simdjson.h>

#include <utility>

namespace backplane::ctl {
namespace {

using simdjson::dom::element;

// False where the member is absent or no text.
bool read_text(const element& object, const char* name, std::string& out) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

std::optional<PluginEntry> read(const element& object) {
  PluginEntry entry;
  if (!read_text(object, "instance", entry.instance) || !read_text(object, "plugin", entry.plugin) ||
      !read_text(object, "state", entry.state) || !read_text(object, "reason", entry.reason) ||
      !read_text(object, "isolation", entry.isolation)) {
    return std::nullopt;
  }
  read_text(object, "version", entry.version);
  if (object["pid"].get(entry.pid) != simdjson::SUCCESS) entry.pid = 0;
  return entry;
}

}  // namespace

std::optional<std::vector<PluginEntry>> read_plugins(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array plugins;
  if (parser.parse(simdjson::padded_string(json))["plugins"].get(plugins) != simdjson::SUCCESS) return std::nullopt;
  std::vector<PluginEntry> entries;
  for (const element plugin : plugins) {
    auto entry = read(plugin);
    if (!entry) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::optional<PluginEntry> read_plugin(std::string_view json) {
  simdjson::dom::parser parser;
  element object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return std::nullopt;
  return read(object);
}

}  // namespace backplane::ctl
