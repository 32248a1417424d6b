// Checks a plugin's config against the schema in its manifest: a subset of JSON Schema, read more strictly.
//
// Keywords: type (a name or a list of names), properties, required, additionalProperties (a boolean or a schema), enum,
// minimum, maximum, minLength, maxLength (in code points), items (one schema), minItems, maxItems, default,
// description, title, `secret: true` for a value that is never shown, and `access: "read" | "write" | "device"` for a
// text that names a file, folder or device that the plugin wants to open. Any other keyword is refused, so that no rule
// is silently ignored. Stricter than the standard in one point: a schema with `properties` and without
// `additionalProperties` allows no other names, or a misspelt key would be accepted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"

namespace backplane::config {

// Where the JSON came from, for messages.
struct JsonOrigin {
  std::string path = "config";           // what the dotted path of a problem begins with
  std::string where;                     // the place of the whole, where a value has none of its own
  const Positions* positions = nullptr;  // places of values by JSON pointer; may be null
};

// A value that names what the plugin is to open.
struct ConfigPath {
  enum class Access { kRead, kWrite, kDevice };
  Access access = Access::kRead;
  std::string path;   // as written, not empty
  std::string name;   // of the value: "plugins.video.config.device"
  std::string where;  // its place
};

struct JsonCheck {
  std::vector<base::Problem> problems;   // at most kConfigProblemsMax
  base::Secret json{std::string("{}")};  // with the defaults filled in; meaningful only without problems
  std::vector<ConfigPath> paths;         // of what was written, not of defaults
};

// An empty schema text stands for a plugin that takes no config. Values of secret parts are never repeated.
JsonCheck check_json(std::string_view json, std::string_view schema, const JsonOrigin& origin);

// The config of one instance, with problems at their file:line:column.
JsonCheck check_plugin_config(const PluginSettings& plugin, std::string_view schema);

// What is wrong with a schema itself: unknown keywords, wrong types of keywords, a default that does not pass.
// `where` names the manifest.
std::vector<base::Problem> check_schema(std::string_view schema, const std::string& where);

// The JSON with "***" in place of every secret value (S-37), and of every value that the schema does not describe,
// for a misspelt password is a password still. Text that is no JSON gives "***" as a whole.
std::string redact(std::string_view json, std::string_view schema);

}  // namespace backplane::config
