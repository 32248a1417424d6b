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
#include "config/json/schema.hpp"
#include "config/json/value.hpp"
#include "config/settings.hpp"

namespace backplane::config {

// Where the config came from, for messages.
struct JsonOrigin {
  std::string path = "config";           // what the dotted path of a problem begins with
  std::string where;                     // the place of the whole, for values that have none of their own
  const Positions* positions = nullptr;  // places of values by JSON pointer; may be null
};

// A value that names what the plugin is to open.
struct ConfigPath {
  using Access = config::Access;
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

// A config that is given as JSON text. If it is none, the problem begins with the origin's path.
base::Checked<SecretValue> parse_config(std::string_view json, const JsonOrigin& origin);

// The schema has passed check_schema. Values of secret parts are never repeated.
JsonCheck check_config(const SecretValue& config, const JsonValue& schema, const JsonOrigin& origin);

// The config of one instance, with problems at their file:line:column.
JsonCheck check_plugin_config(const PluginSettings& plugin, const JsonValue& schema);

// What is wrong with a schema itself: unknown keywords, wrong types of keywords, a default that does not pass.
// `where` names the manifest.
std::vector<base::Problem> check_schema(const JsonValue& schema, const std::string& where);

}  // namespace backplane::config
