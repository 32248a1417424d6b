// Hides the secrets of a config before it is shown anywhere (security.md S-37).
#include <string>

#include "config/json_schema.hpp"
#include "config/json_value.hpp"
#include "config/schema_check.hpp"

namespace backplane::config {
namespace {

constexpr std::string_view kHidden = "***";

void hide(JsonValue& value, const JsonValue* schema) {
  auto* object = value.as<JsonObject>();
  auto* list = value.as<JsonList>();
  if (schema == nullptr || is_secret(*schema)) {
    value.value = std::string(kHidden);
  } else if (object != nullptr) {
    for (auto& [name, member] : *object) hide(member, member_rule(*schema, name).schema);
  } else if (list != nullptr) {
    for (JsonValue& item : *list) hide(item, schema->find("items"));
  }
}

}  // namespace

std::string redact(std::string_view json, std::string_view schema) {
  auto value = parse_json(json);
  const auto rules = parse_json(schema.empty() ? kNoConfigSchema : schema);
  if (!value) return "\"***\"";
  hide(*value, rules && check_schema_shape(*rules, "").empty() ? &*rules : nullptr);
  return write_json(*value);
}

}  // namespace backplane::config
