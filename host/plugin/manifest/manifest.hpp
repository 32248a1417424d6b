// The manifest of a plugin: <id>.json beside <id>.so. It is read and checked before anything of the plugin runs
// (plugin-abi.md "The manifest declares, the code answers"; plugin-api/README.md lists the keys).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/json/schema.hpp"
#include "config/json/value.hpp"
#include "exchange/error_style.hpp"
#include "feed/limits.hpp"
#include "http/limits.hpp"
#include "http/route.hpp"

namespace backplane::plugin {

struct ManifestRoute {
  std::string id;
  http::RouteKind kind = http::RouteKind::kHttp;
  std::string method;
  std::string path;   // a pattern, without the instance's mount
  std::string scope;  // of this manifest or of the host, or "public"
  exchange::ErrorStyle style = exchange::kProblemStyle;
  http::BodyKind body = http::BodyKind::kNone;
  std::size_t body_bytes_max = http::limits::kBodyBytesDefaultMax;
  std::int64_t timeout_ms = http::limits::kRouteTimeoutMs;
  bool safe = false;
  std::string operation_json;  // an OpenAPI operation object; empty: none
};

struct ManifestScope {
  std::string name;
  std::string description;  // one sentence for operators
  std::string role;         // viewer, operator or admin: the least role that gets it by default
};

struct ManifestPath {
  std::string path;  // absolute and normalised
  bool optional = false;
  bool write = false;  // of a path; a device is always read and written
};

struct ManifestFeed {
  std::string id;
  std::size_t depth = feed::limits::kFeedDepthDefault;  // items kept for slow readers
};

struct ManifestNeeds {
  std::vector<ManifestPath> devices;
  std::vector<ManifestPath> paths;
  std::vector<std::string> capabilities;
  std::vector<std::string> feeds;  // full names of others', "host/log" or "<instance>/<id>"
  bool network = false;
};

struct Manifest {
  std::filesystem::path file;
  std::string bytes;  // of the file; the plugin embeds the same
  std::string id;
  std::string version;
  std::string vendor;
  std::string license;
  std::string description;
  std::vector<std::string> needed;  // extensions
  std::vector<std::string> wanted;
  std::vector<ManifestRoute> routes;
  std::vector<ManifestScope> scopes;
  std::vector<ManifestFeed> feeds;
  ManifestNeeds needs;
  config::JsonValue config_schema = config::no_config_schema();  // has passed check_schema
  bool single_instance = false;
};

struct ManifestOutcome {
  std::optional<Manifest> manifest;     // set if there is no problem
  std::vector<base::Problem> problems;  // all of them, at most kManifestProblemsMax; where = file#/json/pointer
};

// Reads <id>.json. The id must equal the file's name.
ManifestOutcome read_manifest(const std::filesystem::path& file);
// The same for bytes that are in memory; `file` is named in problems and its stem is the id.
ManifestOutcome parse_manifest(std::string_view bytes, const std::filesystem::path& file);

// Whether it is a scope of the host's own (see scope_grants.hpp); a plugin's route may ask for it as well.
bool is_host_scope(std::string_view scope);

}  // namespace backplane::plugin
