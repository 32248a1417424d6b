#include "ctl/describe_plugin.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "config/json/value.hpp"
#include "ctl/config_keys.hpp"
#include "ctl/terminal.hpp"
#include "plugin/isolation/grants.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::ctl {
namespace {

base::Checked<std::filesystem::path> manifest_file(std::filesystem::path file) {
  if (file.extension() == ".json") return file;
  if (file.extension() != ".so") {
    return base::problem(base::Error::kInvalid, "is no plugin: name its <id>.json, or <id>.so with that beside it",
                         file.string());
  }
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return base::problem(base::Error::kNotFound, "there is no such file", file.string());
  }
  return file.replace_extension(".json");
}

using plugin::Manifest;
using plugin::ManifestNeeds;
using plugin::ManifestPath;

constexpr std::size_t kIndent = 2;

const char* body_word(http::BodyKind body) {
  switch (body) {
    case http::BodyKind::kFields:
      return "fields";
    case http::BodyKind::kRaw:
      return "raw";
    case http::BodyKind::kParts:
      return "parts";
    case http::BodyKind::kNone:
      break;
  }
  return "none";
}

std::string abi_of(const Manifest& manifest) {
  const auto root = config::parse_json(manifest.bytes);
  const config::JsonValue* abi = root ? root->find("abi") : nullptr;
  return abi != nullptr && abi->as<std::string>() != nullptr ? *abi->as<std::string>() : "";
}

std::vector<Row> facts(const Manifest& manifest) {
  std::vector<Row> rows = {{"id", manifest.id}, {"version", manifest.version}};
  const auto add = [&rows](const char* name, const std::string& value) {
    if (!value.empty()) rows.push_back({name, value});
  };
  add("vendor", manifest.vendor);
  add("license", manifest.license);
  add("description", manifest.description);
  add("abi", abi_of(manifest));
  add("extensions needed", fmt::format("{}", fmt::join(manifest.needed, ", ")));
  add("extensions wanted", fmt::format("{}", fmt::join(manifest.wanted, ", ")));
  add("single_instance", manifest.single_instance ? "true" : "");
  return rows;
}

std::vector<Row> routes(const Manifest& manifest) {
  std::vector<Row> rows;
  for (const plugin::ManifestRoute& route : manifest.routes) {
    rows.push_back({route.method, route.path, route.scope,
                    route.kind == http::RouteKind::kWebSocket ? "websocket" : "http", std::string(route.style.name),
                    body_word(route.body)});
  }
  if (!rows.empty()) rows.insert(rows.begin(), {"METHOD", "PATH", "SCOPE", "KIND", "STYLE", "BODY"});
  return rows;
}

std::vector<Row> scopes(const Manifest& manifest) {
  std::vector<Row> rows;
  for (const plugin::ManifestScope& scope : manifest.scopes) {
    rows.push_back({scope.name, scope.role, scope.description});
  }
  if (!rows.empty()) rows.insert(rows.begin(), {"SCOPE", "DEFAULT ROLE", "ALLOWS TO"});
  return rows;
}

std::vector<Row> feeds(const Manifest& manifest) {
  std::vector<Row> rows;
  for (const plugin::ManifestFeed& feed : manifest.feeds) rows.push_back({feed.id, fmt::format("{}", feed.depth)});
  if (!rows.empty()) rows.insert(rows.begin(), {"FEED", "ITEMS KEPT"});
  return rows;
}

std::vector<Row> needs_of(const ManifestNeeds& needs) {
  std::vector<Row> rows;
  const auto add = [&rows](const char* kind, const ManifestPath& path, bool write) {
    rows.push_back(
        {kind, path.path, fmt::format("{}{}", write ? "read and write" : "read", path.optional ? ", optional" : "")});
  };
  for (const ManifestPath& device : needs.devices) add("device", device, true);
  for (const ManifestPath& path : needs.paths) add("path", path, path.write);
  for (const std::string& name : needs.capabilities) rows.push_back({"capability", name, ""});
  for (const std::string& name : needs.feeds) rows.push_back({"feed", name, "subscribe"});
  if (needs.network) rows.push_back({"network", "", ""});
  return rows;
}

std::string yaml(const Manifest& manifest) {
  config::PluginGrants grants;
  for (const ManifestPath& device : manifest.needs.devices) grants.devices.push_back(device.path);
  for (const ManifestPath& path : manifest.needs.paths) grants.paths.push_back(path.path);
  grants.capabilities = manifest.needs.capabilities;
  grants.feeds = manifest.needs.feeds;
  grants.network = manifest.needs.network;
  const bool asks = !needs_of(manifest.needs).empty();
  return fmt::format("plugins:\n  {}:\n    isolation: process\n{}", manifest.id,
                     asks ? "    " + printable(plugin::grants_yaml(grants)) + "\n" : "");
}

}  // namespace

int describe_plugin(const std::filesystem::path& file, bool json) {
  const auto manifest = manifest_file(file);
  if (!manifest) return report(manifest.error());
  const plugin::ManifestOutcome outcome = plugin::read_manifest(*manifest);
  for (const base::Problem& problem : outcome.problems) fmt::print(stderr, "{}\n", printable(problem.message()));
  if (!outcome.manifest) return kFailed;
  if (!json) {
    fmt::print("{}", plugin_description(*outcome.manifest, terminal_width()));
    return 0;
  }
  const std::string& bytes = outcome.manifest->bytes;
  fmt::print("{}{}", bytes, bytes.ends_with('\n') ? "" : "\n");
  return 0;
}

std::string plugin_description(const Manifest& manifest, std::size_t width) {
  std::string text = columns(facts(manifest), {.width = width});
  const auto add = [&](const char* title, const std::vector<Row>& rows, const char* none) {
    text += fmt::format("\n{}:\n", title);
    text += columns(rows.empty() ? std::vector<Row>{{none}} : rows, {.width = width, .indent = kIndent});
  };
  add("Routes", routes(manifest), "none");
  add("Scopes", scopes(manifest), "none of its own");
  if (!manifest.feeds.empty()) add("Feeds", feeds(manifest), "none");
  add("Asks for", needs_of(manifest.needs), "nothing");
  text += "\nYAML that grants exactly that:\n" + yaml(manifest);
  add("Config", config_keys(manifest.config_schema), "none");
  return text;
}

}  // namespace backplane::ctl
