#include "config/json/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <cmath>
#include <utility>

#include "config/json/value.hpp"
#include "config/limits.hpp"
#include "config/problems.hpp"

namespace backplane::config {
namespace {

std::optional<Access> access_named(std::string_view word) {
  if (word == "read") return Access::kRead;
  if (word == "write") return Access::kWrite;
  if (word == "device") return Access::kDevice;
  return std::nullopt;
}

using limits::kConfigProblemsMax;

class ShapeCheck {
 public:
  explicit ShapeCheck(std::string where) : where_(std::move(where)) {}

  std::vector<base::Problem> run(const JsonValue& schema) {
    check(schema, "");
    return std::move(problems_);
  }

 private:
  using Method = void (ShapeCheck::*)(const JsonValue&, const std::string&);

  struct Keyword {
    std::string_view name;
    Method check;
  };

  static const std::vector<Keyword>& keywords() {
    static const std::vector<Keyword> all = {
        {"type", &ShapeCheck::type},        {"properties", &ShapeCheck::properties},
        {"required", &ShapeCheck::names},   {"additionalProperties", &ShapeCheck::additional},
        {"enum", &ShapeCheck::list},        {"minimum", &ShapeCheck::number},
        {"maximum", &ShapeCheck::number},   {"minLength", &ShapeCheck::count},
        {"maxLength", &ShapeCheck::count},  {"items", &ShapeCheck::check},
        {"minItems", &ShapeCheck::count},   {"maxItems", &ShapeCheck::count},
        {"default", &ShapeCheck::anything}, {"description", &ShapeCheck::text},
        {"title", &ShapeCheck::text},       {"secret", &ShapeCheck::boolean},
        {"access", &ShapeCheck::access},
    };
    return all;
  }

  void check(const JsonValue& schema, const std::string& pointer) {
    const auto* object = schema.as<JsonObject>();
    if (object == nullptr) return refuse(pointer, "a schema must be an object");
    std::vector<std::string_view> names;
    for (const auto& keyword : keywords()) names.push_back(keyword.name);
    for (const auto& [name, value] : *object) {
      const auto keyword = std::find_if(keywords().begin(), keywords().end(),
                                        [&, n = std::string_view(name)](const Keyword& k) { return k.name == n; });
      const std::string below = pointer + pointer_part(name);
      if (keyword == keywords().end()) {
        refuse(below, fmt::format("the keyword is not supported; allowed: {}{}", listed(names),
                                  sdk::did_you_mean(name, names)));
      } else {
        (this->*keyword->check)(value, below);
      }
    }
    required_are_described(schema, pointer);
  }

  void access(const JsonValue& value, const std::string& pointer) {
    const auto* word = value.as<std::string>();
    if (word != nullptr && access_named(*word)) return;
    refuse(pointer, "must be \"read\", \"write\" or \"device\"");
  }

  // A required name that nobody can give would refuse every config.
  void required_are_described(const JsonValue& schema, const std::string& pointer) {
    const JsonValue* required = schema.find("required");
    const JsonValue* properties = schema.find("properties");
    const JsonValue* additional = schema.find("additionalProperties");
    if (required == nullptr || required->as<JsonList>() == nullptr || properties == nullptr) return;
    const bool open = additional != nullptr && !(additional->as<bool>() && !*additional->as<bool>());
    for (const JsonValue& name : *required->as<JsonList>()) {
      const auto* text = name.as<std::string>();
      if (text != nullptr && !open && properties->find(*text) == nullptr) {
        refuse(pointer + "/required", fmt::format("{} is required but not among the properties", shown(*text)));
      }
    }
  }

  void type(const JsonValue& value, const std::string& pointer) {
    const auto known = [](const JsonValue& name) {
      const auto* text = name.as<std::string>();
      return text != nullptr && std::find(schema_types().begin(), schema_types().end(), *text) != schema_types().end();
    };
    const auto* list = value.as<JsonList>();
    const bool right =
        list != nullptr ? !list->empty() && std::all_of(list->begin(), list->end(), known) : known(value);
    if (!right) refuse(pointer, fmt::format("must be one of {}, or a list of them", listed(schema_types())));
  }

  void properties(const JsonValue& value, const std::string& pointer) {
    const auto* object = value.as<JsonObject>();
    if (object == nullptr) return refuse(pointer, "must be an object of schemas");
    for (const auto& [name, schema] : *object) check(schema, pointer + pointer_part(name));
  }

  void names(const JsonValue& value, const std::string& pointer) {
    const auto* list = value.as<JsonList>();
    const auto is_text = [](const JsonValue& item) { return item.as<std::string>() != nullptr; };
    if (list == nullptr || !std::all_of(list->begin(), list->end(), is_text))
      refuse(pointer, "must be a list of names");
  }

  void additional(const JsonValue& value, const std::string& pointer) {
    if (value.as<bool>() == nullptr) check(value, pointer);
  }

  void list(const JsonValue& value, const std::string& pointer) {
    if (value.as<JsonList>() == nullptr || value.as<JsonList>()->empty())
      refuse(pointer, "must be a list with a value");
  }

  void number(const JsonValue& value, const std::string& pointer) {
    if (!value.is_number()) refuse(pointer, "must be a number");
  }

  void count(const JsonValue& value, const std::string& pointer) {
    if (value.as<std::int64_t>() == nullptr || *value.as<std::int64_t>() < 0) {
      refuse(pointer, "must be a whole number from 0");
    }
  }

  void text(const JsonValue& value, const std::string& pointer) {
    if (value.as<std::string>() == nullptr) refuse(pointer, "must be a text");
  }

  void boolean(const JsonValue& value, const std::string& pointer) {
    if (value.as<bool>() == nullptr) refuse(pointer, "must be true or false");
  }

  void anything(const JsonValue&, const std::string&) {}

  void refuse(const std::string& pointer, const std::string& what) {
    if (problems_.size() == kConfigProblemsMax) return;
    problems_.push_back(base::problem(
        base::Error::kInvalid, fmt::format("config schema {}: {}", pointer.empty() ? "/" : pointer, what), where_));
  }

  const std::string where_;
  std::vector<base::Problem> problems_;
};

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

const JsonValue& no_config_schema() {
  static const JsonValue schema{JsonObject{{"type", {std::string("object")}}, {"properties", {JsonObject{}}}}};
  return schema;
}

const std::vector<std::string_view>& schema_types() {
  static const std::vector<std::string_view> types = {"object", "array",   "string", "integer",
                                                      "number", "boolean", "null"};
  return types;
}

bool is_of_type(const JsonValue& value, std::string_view type) {
  if (type == "object") return value.as<JsonObject>() != nullptr;
  if (type == "array") return value.as<JsonList>() != nullptr;
  if (type == "string") return value.as<std::string>() != nullptr;
  if (type == "boolean") return value.as<bool>() != nullptr;
  if (type == "number") return value.is_number();
  if (type == "null") return value.as<std::nullptr_t>() != nullptr;
  const auto* real = value.as<double>();
  return type == "integer" && value.is_number() && (real == nullptr || std::trunc(*real) == *real);
}

MemberRule member_rule(const JsonValue& schema, std::string_view name) {
  const JsonValue* properties = schema.find("properties");
  if (properties != nullptr) {
    if (const JsonValue* own = properties->find(name)) return {own, true};
  }
  const JsonValue* additional = schema.find("additionalProperties");
  if (additional == nullptr) return {nullptr, properties == nullptr};
  if (const auto* allowed = additional->as<bool>()) return {nullptr, *allowed};
  return {additional, true};
}

std::optional<Access> access_of(const JsonValue& schema) {
  const JsonValue* access = schema.find("access");
  return access == nullptr ? std::nullopt : access_named(*access->as<std::string>());
}

bool is_secret(const JsonValue& schema) {
  const JsonValue* secret = schema.find("secret");
  return secret != nullptr && secret->as<bool>() && *secret->as<bool>();
}

std::vector<base::Problem> check_schema_shape(const JsonValue& schema, const std::string& where) {
  return ShapeCheck(where).run(schema);
}

std::string redact(const SecretValue& config, const JsonValue& schema) {
  SecretValue shown = config;
  hide(shown.reveal(), check_schema_shape(schema, "").empty() ? &schema : nullptr);
  return write_json(shown.reveal());
}

}  // namespace backplane::config
