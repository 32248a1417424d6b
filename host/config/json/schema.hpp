// Checks that a config schema is of the supported subset, and answers simple questions about one that is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/json/config_check.hpp"
#include "config/json/value.hpp"

namespace backplane::config {

// What an empty schema text stands for: a plugin that takes no config.
inline constexpr std::string_view kNoConfigSchema = R"({"type": "object", "properties": {}})";

// The names that `type` may have.
const std::vector<std::string_view>& schema_types();

// True where the value is of that JSON Schema type; 1.0 is an integer.
bool is_of_type(const JsonValue& value, std::string_view type);

// The same as check_schema, without looking at defaults, for a schema that is read already.
std::vector<base::Problem> check_schema_shape(const JsonValue& schema, const std::string& where);

// The schema of a member: null where none describes it; `allowed` says whether it may be there at all.
struct MemberRule {
  const JsonValue* schema = nullptr;
  bool allowed = true;
};

MemberRule member_rule(const JsonValue& schema, std::string_view name);

bool is_secret(const JsonValue& schema);

// Whether a text of this schema names what the plugin is to open.
std::optional<ConfigPath::Access> access_of(const JsonValue& schema);

}  // namespace backplane::config
