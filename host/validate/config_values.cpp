#include "validate/config_values.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "config/json/config_check.hpp"
#include "config/json/schema.hpp"
#include "config/json/value.hpp"

namespace backplane::validate {
namespace {

using config::JsonList;
using config::JsonObject;
using config::JsonValue;

constexpr std::size_t kDepthMax = 6;
constexpr std::size_t kValuesMax = 32;                // of one place
constexpr std::int64_t kLengthWithoutMaximum = 2000;  // of a text that the schema leaves open
constexpr std::int64_t kItemsWithoutMaximum = 40;

std::vector<std::string> types_of(const JsonValue& schema) {
  std::vector<std::string> types;
  const JsonValue* type = schema.find("type");
  if (type == nullptr) {
    for (const auto name : config::schema_types()) types.emplace_back(name);
  } else if (const auto* one = type->as<std::string>()) {
    types.push_back(*one);
  } else {
    for (const JsonValue& name : *type->as<JsonList>()) types.push_back(*name.as<std::string>());
  }
  return types;
}

std::int64_t number_or(const JsonValue& schema, std::string_view key, std::int64_t otherwise) {
  const JsonValue* value = schema.find(key);
  return value != nullptr && value->as<std::int64_t>() ? *value->as<std::int64_t>() : otherwise;
}

std::pair<std::int64_t, std::int64_t> counts(const JsonValue& schema, const char* least, const char* most,
                                             std::int64_t usual_max) {
  const std::int64_t low = number_or(schema, least, 0);
  return {low, std::max(low, std::min(number_or(schema, most, low + usual_max), low + usual_max))};
}

const JsonValue& items_of(const JsonValue& schema) {
  static const JsonValue kAnything{JsonObject{}};
  const JsonValue* items = schema.find("items");
  return items != nullptr ? *items : kAnything;
}

std::vector<JsonValue> bounds_of(const JsonValue& schema, std::size_t depth);

void add_numbers(const JsonValue& schema, bool whole, std::vector<JsonValue>& values) {
  const JsonValue* least = schema.find("minimum");
  const JsonValue* most = schema.find("maximum");
  if (least != nullptr) values.push_back(*least);
  if (most != nullptr) values.push_back(*most);
  if (least == nullptr) values.push_back({std::numeric_limits<std::int64_t>::min()});
  if (most == nullptr) values.push_back({std::numeric_limits<std::int64_t>::max()});
  values.push_back({std::int64_t{0}});
  if (!whole) values.push_back({0.5});
}

void add_texts(const JsonValue& schema, std::vector<JsonValue>& values) {
  const auto [least, most] = counts(schema, "minLength", "maxLength", kLengthWithoutMaximum);
  values.push_back({std::string(static_cast<std::size_t>(least), 'a')});
  values.push_back({std::string(static_cast<std::size_t>(most), 'a')});
  for (const std::string& text : hostile_texts()) values.push_back({text});
}

void add_lists(const JsonValue& schema, std::size_t depth, std::vector<JsonValue>& values) {
  const auto [least, most] = counts(schema, "minItems", "maxItems", kItemsWithoutMaximum);
  const std::vector<JsonValue> items = bounds_of(items_of(schema), depth + 1);
  for (const std::int64_t length : {least, most}) {
    JsonList list;
    for (std::int64_t i = 0; i < length && !items.empty(); ++i) {
      list.push_back(items[static_cast<std::size_t>(i) % items.size()]);
    }
    values.push_back({std::move(list)});
  }
}

void set(JsonObject& object, const std::string& name, JsonValue value) {
  for (auto& [known, old] : object) {
    if (known != name) continue;
    old = std::move(value);
    return;
  }
  object.emplace_back(name, std::move(value));
}

// `base` with one member after the other at its bounds.
void add_objects(const JsonValue& schema, const JsonObject& base, std::size_t depth, std::vector<JsonValue>& values) {
  const JsonValue* properties = schema.find("properties");
  for (const auto& [name, rule] : properties != nullptr ? *properties->as<JsonObject>() : JsonObject{}) {
    for (JsonValue& value : bounds_of(rule, depth + 1)) {
      JsonObject object = base;
      set(object, name, std::move(value));
      values.push_back({std::move(object)});
    }
  }
  const config::MemberRule other = config::member_rule(schema, "a name \"of\" nobody/~1");
  if (!other.allowed) return;
  JsonObject object = base;
  const std::vector<JsonValue> below =
      other.schema != nullptr ? bounds_of(*other.schema, depth + 1) : std::vector<JsonValue>{{nullptr}};
  if (!below.empty()) object.emplace_back("a name \"of\" nobody/~1", below.front());
  values.push_back({std::move(object)});
}

std::vector<JsonValue> bounds_of(const JsonValue& schema, std::size_t depth) {
  if (const JsonValue* words = schema.find("enum")) return *words->as<JsonList>();
  std::vector<JsonValue> values;
  if (depth > kDepthMax) return values;
  for (const std::string& type : types_of(schema)) {
    if (type == "integer" || type == "number") add_numbers(schema, type == "integer", values);
    if (type == "boolean") values.insert(values.end(), {{false}, {true}});
    if (type == "null") values.push_back({nullptr});
    if (type == "string") add_texts(schema, values);
    if (type == "array") add_lists(schema, depth, values);
    if (type == "object") add_objects(schema, {}, depth, values);
  }
  if (values.size() > kValuesMax) values.resize(kValuesMax);
  return values;
}

class RandomValues {
 public:
  explicit RandomValues(Random& random) : random_(random) {}

  JsonValue value(const JsonValue& schema, std::size_t depth) {
    if (const JsonValue* words = schema.find("enum")) return pick(*words->as<JsonList>());
    const std::vector<std::string> types = types_of(schema);
    const std::string type = depth > kDepthMax ? types.front() : types[random_() % types.size()];
    if (type == "object") return {object(schema, depth)};
    if (type == "array") return {list(schema, depth)};
    const std::vector<JsonValue> bounds = bounds_of(schema, depth);
    if (!bounds.empty() && random_() % 3 == 0) return pick(bounds);
    if (type == "integer" || type == "number") return {number(schema)};
    if (type == "boolean") return {random_() % 2 == 0};
    if (type == "string") return {text(schema)};
    return {nullptr};
  }

 private:
  const JsonValue& pick(const JsonList& list) { return list[random_() % list.size()]; }

  std::int64_t number(const JsonValue& schema) {
    const std::int64_t least = number_or(schema, "minimum", -1'000'000);
    const std::int64_t most = std::max(least, number_or(schema, "maximum", 1'000'000));
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }

  std::string text(const JsonValue& schema) {
    const auto [least, most] = counts(schema, "minLength", "maxLength", kLengthWithoutMaximum);
    const auto length = std::uniform_int_distribution<std::int64_t>(
        least, random_() % 4 == 0 ? most : std::min(most, least + 12))(random_);
    std::string out;
    for (std::int64_t i = 0; i < length; ++i) out += static_cast<char>(1 + random_() % 0x7E);
    return out;
  }

  JsonList list(const JsonValue& schema, std::size_t depth) {
    const auto [least, most] = counts(schema, "minItems", "maxItems", kItemsWithoutMaximum);
    JsonList items;
    const auto length = std::uniform_int_distribution<std::int64_t>(least, std::min(most, least + 4))(random_);
    for (std::int64_t i = 0; i < length; ++i) items.push_back(value(items_of(schema), depth + 1));
    return items;
  }

  JsonObject object(const JsonValue& schema, std::size_t depth) {
    JsonObject members;
    const JsonValue* properties = schema.find("properties");
    const JsonValue* required = schema.find("required");
    const auto must_be = [&](const std::string& name) {
      if (required == nullptr) return false;
      const auto& names = *required->as<JsonList>();
      return std::any_of(names.begin(), names.end(),
                         [&](const auto& one) { return *one.template as<std::string>() == name; });
    };
    for (const auto& [name, rule] : properties != nullptr ? *properties->as<JsonObject>() : JsonObject{}) {
      if (must_be(name) || random_() % 3 != 0) set(members, name, value(rule, depth + 1));
    }
    for (auto more = random_() % 3; more > 0; --more) {
      const std::string name = text({JsonObject{}});
      const config::MemberRule rule = config::member_rule(schema, name);
      if (rule.allowed)
        set(members, name, rule.schema != nullptr ? value(*rule.schema, depth + 1) : JsonValue{nullptr});
    }
    return members;
  }

  Random& random_;
};

// With the defaults filled in; nothing if the schema does not allow it after all.
std::optional<std::string> allowed(JsonValue value, const JsonValue& schema) {
  const config::JsonCheck check = config::check_config(config::SecretValue(std::move(value)), schema, {});
  if (!check.problems.empty()) return std::nullopt;
  return check.json.reveal();
}

}  // namespace

std::vector<std::string> configs_at_bounds(const JsonValue& schema, std::string_view config_json,
                                           std::size_t count_max) {
  const auto base = config::parse_json(config_json);
  std::vector<std::string> all;
  if (!base || !base->as<JsonObject>()) return all;
  std::vector<JsonValue> values;
  add_objects(schema, *base->as<JsonObject>(), 0, values);
  for (JsonValue& value : values) {
    if (auto json = allowed(std::move(value), schema)) all.push_back(std::move(*json));
  }
  if (all.size() <= count_max) return all;
  std::vector<std::string> some;
  for (std::size_t i = 0; i < count_max; ++i) some.push_back(std::move(all[i * all.size() / count_max]));
  return some;
}

std::vector<std::string> random_configs(const JsonValue& schema, Random& random, std::size_t count) {
  std::vector<std::string> configs;
  RandomValues values(random);
  for (std::size_t tries = 0; tries < 4 * count && configs.size() < count; ++tries) {
    auto json = allowed(values.value(schema, 0), schema);
    if (json && std::find(configs.begin(), configs.end(), *json) == configs.end()) configs.push_back(std::move(*json));
  }
  if (configs.size() == 1) configs.clear();  // the one that it always has
  return configs;
}

}  // namespace backplane::validate
