// Checks that a config schema is of the supported subset, and answers simple questions about one that is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/json/value.hpp"

namespace backplane::config {

// What a plugin wants to do with the file, folder or device that a text of its config names.
enum class Access { kRead, kWrite, kDevice };

// Of a plugin that takes no config: an object without members.
const JsonValue& no_config_schema();

// The names that `type` may have.
const std::vector<std::string_view>& schema_types();

// True if the value is of that JSON Schema type; 1.0 is an integer.
bool is_of_type(const JsonValue& value, std::string_view type);

// The same as check_schema, without looking at defaults.
std::vector<base::Problem> check_schema_shape(const JsonValue& schema, const std::string& where);

// The schema of a member: null if none describes it; `allowed` says whether it may be there at all.
struct MemberRule {
  const JsonValue* schema = nullptr;
  bool allowed = true;
};

MemberRule member_rule(const JsonValue& schema, std::string_view name);

bool is_secret(const JsonValue& schema);

// Of a text of this schema, if it names what the plugin is to open.
std::optional<Access> access_of(const JsonValue& schema);

// The config as JSON with "***" in place of every secret value (S-37), and of every value that the schema does not
// describe, for a misspelt password is a password still. A schema of another shape gives "***" as a whole.
std::string redact(const SecretValue& config, const JsonValue& schema);

}  // namespace backplane::config
