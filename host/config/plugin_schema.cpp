#include "config/plugin_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/json/value.hpp"
#include "config/limits.hpp"
#include "config/values.hpp"
#include "config/yaml/scalar.hpp"

namespace backplane::config {
namespace {

using limits::kConfigListItemsMax;

constexpr std::string_view kHostName = "host";  // owns the daemon's own routes and the feed host/log

// Reads a plugin's config as JSON and remembers where each value stands.
class ConfigReader {
 public:
  explicit ConfigReader(Positions& positions) : positions_(positions) {}

  JsonValue read(const Cursor& at, const std::string& pointer, const Place& key_place) {
    positions_[pointer] = {key_place.text(), at.place.text()};
    switch (at.node.kind) {
      case YamlNode::Kind::kNull:
        break;
      case YamlNode::Kind::kScalar:
        return read_scalar(at);
      case YamlNode::Kind::kList: {
        JsonList list;
        list.reserve(at.node.items.size());  // a list that moves would leave copies of secrets behind
        for (std::size_t i = 0; i < at.node.items.size(); ++i) {
          const Cursor item = at.at(i);
          list.push_back(read(item, fmt::format("{}/{}", pointer, i), item.place));
        }
        return {std::move(list)};
      }
      case YamlNode::Kind::kMap: {
        JsonObject object;
        object.reserve(at.node.entries.size());
        for (const YamlEntry& entry : at.node.entries) {
          object.emplace_back(entry.key, read(at.at(entry), pointer + pointer_part(entry.key), entry.key_place));
        }
        return {std::move(object)};
      }
    }
    return {};
  }

 private:
  static JsonValue read_scalar(const Cursor& at) {
    Scalar scalar = at.node.quoted ? Scalar{} : read_plain_scalar(at.node.text);
    if (scalar.kind == ScalarKind::kText) return {at.node.text};
    if (scalar.kind == ScalarKind::kNotFinite) {
      at.refuse("the number is too large or is no number; put it in quotes if it is meant as a text");
    }
    return std::move(scalar.value);
  }

  Positions& positions_;
};

void read_config(const Cursor& at, PluginSettings& out) {
  if (!expect_map(at) || at.node.kind == YamlNode::Kind::kNull) return;
  out.config = SecretValue(ConfigReader(out.positions).read(at, "", at.place));
}

void read_mount(const Cursor& at, std::string& out) {
  const std::size_t before = at.problems.count();
  read_url_path(at, out);
  if (at.problems.count() == before && (out.size() < 2 || out.ends_with('/'))) {
    at.refuse(
        fmt::format("{} is no mount; allowed: a path without a slash at its end, such as \"/video-2\"", shown(out)));
  }
}

constexpr Choice<std::optional<Isolation>> kIsolations[] = {
    {"thread", Isolation::kThread},
    {"process", Isolation::kProcess},
};

void read_user(const Cursor& at, PluginSettings& out) {
  read_system_user(at, out.user);
  out.user_where = at.place.text();
}

void read_memory_max(const Cursor& at, PluginSettings& out) {
  std::uint64_t bytes = 0;
  if (read_size(at, limits::kPluginMemoryBytesMin, limits::kPluginMemoryBytesMax, bytes)) {
    out.memory_bytes_max = bytes;
  }
}

constexpr Key<PluginGrants> kGrantKeys[] = {
    {"devices", into<&PluginGrants::devices, read_list<read_absolute_path, kConfigListItemsMax>>},
    {"paths", into<&PluginGrants::paths, read_list<read_absolute_path, kConfigListItemsMax>>},
    {"capabilities", into<&PluginGrants::capabilities, read_list<read_capability, kConfigListItemsMax>>},
    {"feeds", into<&PluginGrants::feeds, read_list<read_feed_name, kConfigListItemsMax>>},
    {"network", into<&PluginGrants::network, read_switch>},
};

void read_grants(const Cursor& at, PluginSettings& out) {
  PluginGrants& grants = out.grants.emplace();
  grants.where = at.place.text();
  read_section<kGrantKeys>(at, grants);
}

constexpr Key<PluginSettings> kPluginKeys[] = {
    {"plugin", into<&PluginSettings::plugin, read_name>},
    {"mount", into<&PluginSettings::mount, read_mount>},
    {"isolation", into<&PluginSettings::isolation, read_choice<kIsolations>>},
    {"user", read_user},
    {"memory_max", read_memory_max},
    {"grants", read_grants},
    {"config", read_config},
};

}  // namespace

void read_plugins(const Cursor& at, std::vector<PluginSettings>& out) {
  using limits::kPluginsMax;
  if (!expect_map(at)) return;
  for (const YamlEntry& entry : at.node.entries) {
    Cursor item = at.at(entry);
    const auto refuse_instance = [&](std::string_view what) {
      item.place = entry.key_place;
      item.refuse(what);
    };
    if (!is_name(entry.key)) {
      refuse_instance("an instance's name is made of a-z, 0-9, \"_\" and \"-\", at most 64 characters");
      continue;
    }
    if (entry.key == kHostName) {
      refuse_instance("\"host\" is the name of the daemon itself; choose another");
      continue;
    }
    const auto first =
        std::find_if(out.begin(), out.end(), [&](const PluginSettings& p) { return p.instance == entry.key; });
    if (first != out.end()) {
      refuse_instance(fmt::format("the instance is configured twice, first at {}; keep one", first->where));
      continue;
    }
    if (out.size() >= kPluginsMax) return refuse_instance(fmt::format("more than {} plugins", kPluginsMax));
    PluginSettings& plugin = out.emplace_back();
    plugin.instance = entry.key;
    plugin.plugin = entry.key;
    plugin.where = entry.key_place.text();
    read_section<kPluginKeys>(item, plugin);
  }
}

}  // namespace backplane::config
