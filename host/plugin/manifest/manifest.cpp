#include "plugin/manifest/manifest.hpp"

#include <backplane/abi.h>
#include <backplane/ext/feed.h>
#include <backplane/ext/http.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <fstream>
#include <utility>

#include "base/capability_names.hpp"
#include "base/utf8.hpp"
#include "config/json/config_check.hpp"
#include "config/json/value.hpp"
#include "config/problems.hpp"
#include "config/values.hpp"
#include "feed/limits.hpp"
#include "http/pattern.hpp"
#include "link/limits.hpp"
#include "link/wire/extensions.hpp"
#include "plugin/limits.hpp"
#include "plugin/manifest/manifest_object.hpp"

namespace backplane::plugin {
namespace {

using Presence = ManifestObject::Presence;

constexpr std::size_t kIdBytesMax = 64;
constexpr std::int64_t kBodyBytesMost = std::int64_t{1} << 40;
constexpr std::int64_t kTimeoutMsMost = 24 * 3600 * 1000;

bool is_id(std::string_view id) {
  if (id.empty() || id.size() > kIdBytesMax || id.front() < 'a' || id.front() > 'z') return false;
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// A plugin's scope has two words at least: the first says whose it is.
bool is_plugin_scope(std::string_view name) {
  return base::is_scope_name(name) && name.size() <= kIdBytesMax && name.find('.') != std::string_view::npos;
}

std::string abi_text() {
  return std::to_string(BP_ABI_VERSION >> 16) + "." + std::to_string(BP_ABI_VERSION & 0xFFFF);
}

http::BodyKind to_body(std::string_view word) {
  if (word == "fields") return http::BodyKind::kFields;
  if (word == "raw") return http::BodyKind::kRaw;
  return word == "parts" ? http::BodyKind::kParts : http::BodyKind::kNone;
}

// A key that later versions will need is an error now: a plugin that relies on it must not seem to work.
class Reader {
 public:
  explicit Reader(ManifestProblems& problems) : problems_(problems) {}

  Manifest read(const config::JsonValue& root, const std::string& file_id) {
    ManifestObject object(&root, "", problems_);
    Manifest manifest;
    manifest.id = object.text("id", Presence::kRequired);
    if (!manifest.id.empty() && !is_id(manifest.id)) {
      object.wrong("id", "must be 1 to 64 of a-z, 0-9 and '-', and begin with a letter");
    } else if (!manifest.id.empty() && manifest.id != file_id) {
      object.wrong("id", "is \"" + manifest.id + "\", and the file is named for \"" + file_id + "\"");
    }
    manifest.version = object.text("version", Presence::kRequired);
    manifest.vendor = object.text("vendor", Presence::kOptional);
    manifest.license = object.text("license", Presence::kOptional);
    manifest.description = object.text("description", Presence::kOptional);
    const std::string abi = object.text("abi", Presence::kRequired);
    if (!abi.empty() && abi != abi_text()) {
      object.wrong("abi", "is " + abi + ", and this host has " + abi_text() + "; rebuild the plugin");
    }
    read_extensions(object.member("extensions"), manifest);
    read_scopes(object, manifest);
    read_routes(object, manifest);
    read_feeds(object, manifest);
    read_needs(object.member("needs"), manifest.needs);
    if (const config::JsonValue* schema = object.member("config")) {
      manifest.config_schema = *schema;
      problems_.append(config::check_schema(*schema, problems_.file() + "#/config"));
    }
    manifest.single_instance = object.boolean("single_instance", false);
    object.finish();
    return manifest;
  }

 private:
  void read_extensions(const config::JsonValue* value, Manifest& manifest) {
    ManifestObject object(value, "/extensions", problems_);
    manifest.needed = object.texts("needed");
    manifest.wanted = object.texts("wanted");
    for (const std::string& id : manifest.needed) {
      if (std::ranges::find(link::kHostExtensions, id) == std::end(link::kHostExtensions)) {
        object.wrong("needed", "\"" + id + "\" is not an extension of this host");
      }
    }
    object.finish();
  }

  void read_scopes(ManifestObject& parent, Manifest& manifest) {
    std::size_t index = 0;
    for (const config::JsonValue& item : parent.list("scopes", limits::kScopesPerPluginMax)) {
      ManifestObject object(&item, "/scopes/" + std::to_string(index++), problems_);
      ManifestScope scope;
      scope.name = object.text("name", Presence::kRequired);
      if (!scope.name.empty() && !is_plugin_scope(scope.name)) {
        object.wrong("name", "must be lower-case words joined by dots, as in \"kvm.info.read\"");
      }
      if (is_host_scope(scope.name)) object.wrong("name", "is a scope of the host; a route may just name it");
      for (const ManifestScope& other : manifest.scopes) {
        if (other.name == scope.name && !scope.name.empty()) object.wrong("name", "stands twice");
      }
      scope.description = object.text("description", Presence::kRequired);
      scope.role = object.text("role", Presence::kRequired);
      if (!scope.role.empty() && scope.role != "viewer" && scope.role != "operator" && scope.role != "admin") {
        object.wrong("role", "must be one of viewer, operator, admin");
      }
      object.finish();
      manifest.scopes.push_back(std::move(scope));
    }
  }

  void read_routes(ManifestObject& parent, Manifest& manifest) {
    std::size_t index = 0;
    for (const config::JsonValue& item : parent.list("routes", limits::kRoutesPerPluginMax)) {
      ManifestObject object(&item, "/routes/" + std::to_string(index++), problems_);
      ManifestRoute route = read_route(object);
      for (const ManifestRoute& other : manifest.routes) {
        if (other.id == route.id && !route.id.empty()) object.wrong("id", "stands twice");
      }
      check_scope(object, route, manifest);
      object.finish();
      manifest.routes.push_back(std::move(route));
    }
    if (!manifest.routes.empty() && !names_extension(manifest, BP_EXT_HTTP)) {
      parent.wrong("extensions", "must name \"" BP_EXT_HTTP "\" as needed, for there are routes");
    }
  }

  void read_feeds(ManifestObject& parent, Manifest& manifest) {
    std::size_t index = 0;
    for (const config::JsonValue& item : parent.list("feeds", link::limits::kFeedsPerPluginMax)) {
      ManifestObject object(&item, "/feeds/" + std::to_string(index++), problems_);
      ManifestFeed feed;
      feed.id = object.text("id", Presence::kRequired);
      if (!feed.id.empty() && !is_id(feed.id)) {
        object.wrong("id", "must be 1 to 64 of a-z, 0-9 and '-', and begin with a letter");
      }
      for (const ManifestFeed& other : manifest.feeds) {
        if (other.id == feed.id && !feed.id.empty()) object.wrong("id", "stands twice");
      }
      feed.depth = static_cast<std::size_t>(
          object.integer("depth", static_cast<std::int64_t>(feed.depth), 1, feed::limits::kFeedDepthMax));
      object.finish();
      manifest.feeds.push_back(std::move(feed));
    }
    if (!manifest.feeds.empty() && !names_extension(manifest, BP_EXT_FEED)) {
      parent.wrong("extensions", "must name \"" BP_EXT_FEED "\" as needed or wanted, for there are feeds");
    }
  }

  static bool names_extension(const Manifest& manifest, std::string_view id) {
    const auto named = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), id) != list.end();
    };
    return named(manifest.needed) || named(manifest.wanted);
  }

  ManifestRoute read_route(ManifestObject& object) {
    ManifestRoute route;
    route.id = object.text("id", Presence::kRequired);
    const bool websocket = object.word("kind", {"http", "websocket"}) == "websocket";
    route.kind = websocket ? http::RouteKind::kWebSocket : http::RouteKind::kHttp;
    route.method = object.word("method", {"GET", "POST", "PUT", "PATCH", "DELETE"});
    route.path = object.text("path", Presence::kRequired);
    if (!route.path.empty()) {
      if (const auto pattern = http::parse_pattern(route.path); !pattern) object.wrong("path", pattern.error().text);
    }
    route.style = *exchange::find_error_style(exchange::error_styles(),
                                              object.word("style", exchange::error_style_names()));  // one of those
    route.body = to_body(object.word("body", {"none", "fields", "raw", "parts"}));
    route.body_bytes_max = static_cast<std::size_t>(
        object.integer("body_bytes_max", static_cast<std::int64_t>(route.body_bytes_max), 0, kBodyBytesMost));
    route.timeout_ms = object.integer("timeout_ms", route.timeout_ms, 1, kTimeoutMsMost);
    route.safe = object.boolean("safe", false);
    if (const config::JsonValue* operation = object.member("operation")) {
      if (operation->as<config::JsonObject>() == nullptr) object.wrong("operation", "must be an object");
      route.operation_json = config::write_json(*operation);
    }
    if (websocket && (route.method != "GET" || route.body != http::BodyKind::kNone)) {
      object.wrong("kind", "a WebSocket is a GET without a body");
    }
    if (!websocket && route.method == "GET" && !route.safe) {
      object.wrong("safe", "must be true: a GET route changes nothing");  // S-10
    }
    return route;
  }

  void check_scope(ManifestObject& object, ManifestRoute& route, const Manifest& manifest) {
    route.scope = object.text("scope", Presence::kRequired);
    if (route.scope.empty() || route.scope == http::kPublicScope || is_host_scope(route.scope)) return;
    for (const ManifestScope& scope : manifest.scopes) {
      if (scope.name == route.scope) return;
    }
    object.wrong("scope", "\"" + route.scope + "\" is neither a scope of this manifest or of the host, nor \"public\"");
  }

  void read_needs(const config::JsonValue* value, ManifestNeeds& needs) {
    ManifestObject object(value, "/needs", problems_);
    needs.devices = read_paths(object, "devices", Access::kReadWrite);
    needs.paths = read_paths(object, "paths", Access::kAsAsked);
    needs.capabilities = object.texts("capabilities");
    for (const std::string& name : needs.capabilities) {
      if (base::capability_number(name) >= 0) continue;
      object.wrong("capabilities", config::shown(name) + " is no capability of Linux" +
                                       sdk::did_you_mean(name, base::capability_names()));
    }
    needs.feeds = object.texts("feeds");
    for (const std::string& name : needs.feeds) {
      if (config::is_feed_name(name)) continue;
      object.wrong("feeds", config::shown(name) + " is no feed: write \"<instance>/<id>\", or \"host/log\"");
    }
    needs.network = object.boolean("network", false);
    object.finish();
  }

  enum class Access { kReadWrite, kAsAsked };

  std::vector<ManifestPath> read_paths(ManifestObject& parent, std::string_view name, Access access) {
    std::vector<ManifestPath> paths;
    std::size_t index = 0;
    for (const config::JsonValue& item : parent.list(name, limits::kScopesPerPluginMax)) {
      ManifestObject object(&item, parent.pointer_to(name) + "/" + std::to_string(index++), problems_);
      ManifestPath path;
      path.path = object.text("path", Presence::kRequired);
      if (!path.path.empty() && !config::is_absolute_path(path.path)) {
        object.wrong("path", "must begin with '/', without a '.', '..' or empty part and without a '/' at its end");
      }
      for (const ManifestPath& other : paths) {
        if (other.path == path.path && !path.path.empty()) object.wrong("path", "stands twice");
      }
      path.optional = object.boolean("optional", false);
      if (access == Access::kAsAsked) path.write = object.boolean("write", false);
      object.finish();
      paths.push_back(std::move(path));
    }
    return paths;
  }

  ManifestProblems& problems_;
};

}  // namespace

ManifestOutcome parse_manifest(std::string_view bytes, const std::filesystem::path& file) {
  ManifestProblems problems(file.string());
  const auto json = config::parse_json(bytes);
  if (!json) {
    problems.add("", "is not a manifest: " + json.error().text);
    return {std::nullopt, problems.take()};
  }
  Manifest manifest = Reader(problems).read(*json, file.stem().string());
  if (!problems.empty()) return {std::nullopt, problems.take()};
  manifest.file = file;
  manifest.bytes = bytes;
  return {std::move(manifest), {}};
}

ManifestOutcome read_manifest(const std::filesystem::path& file) {
  const auto unreadable = [&file](std::string text) {
    return ManifestOutcome{std::nullopt, {base::problem(base::Error::kIo, std::move(text), file.string())}};
  };
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return unreadable("there is no such manifest file");
  if (std::filesystem::file_size(file, error) > limits::kManifestBytesMax || error) {
    return unreadable("is larger than " + std::to_string(limits::kManifestBytesMax) + " bytes");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream.is_open() || stream.bad()) return unreadable("cannot be read");
  return parse_manifest(bytes, file);
}

}  // namespace backplane::plugin
