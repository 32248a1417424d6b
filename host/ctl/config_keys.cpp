#include "ctl/config_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "config/json/schema.hpp"
#include "config/json/value.hpp"

namespace backplane::ctl {
namespace {

using config::JsonList;
using config::JsonObject;
using config::JsonValue;

// A text as it is, anything else as JSON.
std::string text_of(const JsonValue& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : config::write_json(value);
}

std::string joined(const JsonList& list, std::string_view separator) {
  std::vector<std::string> texts;
  for (const JsonValue& item : list) texts.push_back(text_of(item));
  return fmt::format("{}", fmt::join(texts, separator));
}

std::string type_of(const JsonValue& schema) {
  const JsonValue* type = schema.find("type");
  const auto* several = type != nullptr ? type->as<JsonList>() : nullptr;
  std::string text = type == nullptr ? "any" : several != nullptr ? joined(*several, " or ") : text_of(*type);
  if (const JsonValue* items = schema.find("items")) text += " of " + type_of(*items);
  if (const JsonValue* allowed = schema.find("enum")) text += ": " + joined(*allowed->as<JsonList>(), " | ");
  if (config::is_secret(schema)) text += ", secret";
  return text;
}

std::string default_of(const JsonValue& schema, bool required) {
  const JsonValue* value = schema.find("default");
  if (value == nullptr) return required ? "(required)" : "-";
  return config::is_secret(schema) ? "***" : config::write_json(*value);
}

std::string description_of(const JsonValue& schema) {
  for (const char* name : {"description", "title"}) {
    if (const JsonValue* text = schema.find(name)) return text_of(*text);
  }
  return {};
}

bool is_required(const JsonValue& schema, const std::string& name) {
  const JsonValue* required = schema.find("required");
  if (required == nullptr) return false;
  const auto& names = *required->as<JsonList>();
  return std::any_of(names.begin(), names.end(), [&](const JsonValue& item) { return text_of(item) == name; });
}

// The keys below a value of that schema. The schema's depth is bounded, for it was read from JSON.
void add_keys(const JsonValue& schema, const std::string& path, std::vector<Row>& rows) {
  const auto add = [&](const std::string& name, const JsonValue& member, bool required) {
    const std::string key = path.empty() ? name : path + "." + name;
    rows.push_back({key, type_of(member), default_of(member, required), description_of(member)});
    add_keys(member, key, rows);
  };
  if (const JsonValue* properties = schema.find("properties")) {
    for (const auto& [name, member] : *properties->as<JsonObject>()) add(name, member, is_required(schema, name));
  }
  const JsonValue* others = schema.find("additionalProperties");
  if (others != nullptr && others->as<JsonObject>() != nullptr) add("*", *others, false);
  if (const JsonValue* items = schema.find("items")) add_keys(*items, path + "[]", rows);
}

}  // namespace

std::vector<Row> config_keys(const config::JsonValue& schema) {
  std::vector<Row> rows;
  add_keys(schema, "", rows);
  if (!rows.empty()) rows.insert(rows.begin(), {"KEY", "TYPE", "DEFAULT", "DESCRIPTION"});
  return rows;
}

}  // namespace backplane::ctl
