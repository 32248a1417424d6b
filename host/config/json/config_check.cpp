#include "config/json/config_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <utility>

#include "config/json/schema.hpp"
#include "config/json/value.hpp"
#include "config/limits.hpp"
#include "config/problems.hpp"

namespace backplane::config {
namespace {

using limits::kConfigProblemsMax;

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view type_of(const JsonValue& value) {
  for (const auto type : schema_types()) {
    if (is_of_type(value, type)) return type;
  }
  return "null";
}

std::string short_json(const JsonValue& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? shown(*text) : write_json(value);
}

// One place in the value: its JSON pointer, the dotted path for people, and whether a part above it is secret.
struct Spot {
  std::string pointer;
  std::string path;
  bool secret = false;
};

// Checks a value and fills its defaults in on the way. The schema has the supported shape.
class ValueCheck {
 public:
  explicit ValueCheck(const JsonOrigin& origin) : origin_(origin) {}

  std::vector<base::Problem> run(JsonValue& value, const JsonValue& schema) {
    check(value, schema, {"", origin_.path, false});
    return std::move(problems_);
  }
  std::vector<ConfigPath> take_paths() { return std::move(paths_); }

 private:
  void check(JsonValue& value, const JsonValue& schema, Spot spot) {
    spot.secret = spot.secret || is_secret(schema);
    if (!check_type(value, schema, spot)) return;
    if (const JsonValue* allowed = schema.find("enum")) check_enum(value, *allowed->as<JsonList>(), spot);
    if (value.is_number()) check_range(value, schema, spot);
    if (const auto* text = value.as<std::string>()) {
      check_count(code_points(*text), schema, {"minLength", "maxLength", "characters"}, spot);
      note_path(*text, schema, spot);
    }
    if (auto* list = value.as<JsonList>()) check_list(*list, schema, spot);
    if (auto* object = value.as<JsonObject>()) check_object(*object, schema, spot);
  }

  bool check_type(const JsonValue& value, const JsonValue& schema, const Spot& spot) {
    const JsonValue* type = schema.find("type");
    if (type == nullptr) return true;
    std::vector<std::string_view> allowed;
    if (const auto* one = type->as<std::string>()) allowed.push_back(*one);
    if (const auto* several = type->as<JsonList>()) {
      for (const JsonValue& name : *several) allowed.push_back(*name.as<std::string>());
    }
    if (std::any_of(allowed.begin(), allowed.end(), [&](auto name) { return is_of_type(value, name); })) return true;
    refuse(spot, fmt::format("{} is needed, not {}", fmt::join(allowed, " or "), type_of(value)));
    return false;
  }

  void check_enum(const JsonValue& value, const JsonList& allowed, const Spot& spot) {
    if (std::any_of(allowed.begin(), allowed.end(), [&](const JsonValue& a) { return a.equals(value); })) return;
    std::vector<std::string> words;
    for (const JsonValue& word : allowed) {
      words.push_back(word.as<std::string>() ? *word.as<std::string>() : write_json(word));
    }
    const std::vector<std::string_view> views(words.begin(), words.end());
    const auto* text = value.as<std::string>();
    const std::string guess = text != nullptr && !spot.secret ? sdk::did_you_mean(*text, views) : std::string();
    refuse(spot, fmt::format("{} is not allowed; allowed: {}{}", shown_value(value, spot), listed(views), guess));
  }

  void check_range(const JsonValue& value, const JsonValue& schema, const Spot& spot) {
    const JsonValue* least = schema.find("minimum");
    const JsonValue* most = schema.find("maximum");
    if (least != nullptr && compare_numbers(value, *least) < 0) {
      refuse(spot, fmt::format("{} is too small; the least is {}", shown_value(value, spot), write_json(*least)));
    }
    if (most != nullptr && compare_numbers(value, *most) > 0) {
      refuse(spot, fmt::format("{} is too large; the most is {}", shown_value(value, spot), write_json(*most)));
    }
  }

  struct CountRule {
    std::string_view least_name;
    std::string_view most_name;
    std::string_view unit;
  };

  void check_count(std::size_t count, const JsonValue& schema, const CountRule& rule, const Spot& spot) {
    const JsonValue* least = schema.find(rule.least_name);
    const JsonValue* most = schema.find(rule.most_name);
    if (least != nullptr && count < static_cast<std::size_t>(*least->as<std::int64_t>())) {
      refuse(spot, fmt::format("at least {} {} are needed", *least->as<std::int64_t>(), rule.unit));
    }
    if (most != nullptr && count > static_cast<std::size_t>(*most->as<std::int64_t>())) {
      refuse(spot, fmt::format("at most {} {} are allowed", *most->as<std::int64_t>(), rule.unit));
    }
  }

  void note_path(const std::string& text, const JsonValue& schema, const Spot& spot) {
    const auto access = in_default_ ? std::nullopt : access_of(schema);
    if (access && !text.empty()) paths_.push_back({*access, text, spot.path, place(spot.pointer, &Position::value)});
  }

  void check_list(JsonList& list, const JsonValue& schema, const Spot& spot) {
    check_count(list.size(), schema, {"minItems", "maxItems", "items"}, spot);
    const JsonValue* items = schema.find("items");
    for (std::size_t i = 0; items != nullptr && i < list.size(); ++i) {
      check(list[i], *items, {fmt::format("{}/{}", spot.pointer, i), fmt::format("{}[{}]", spot.path, i), spot.secret});
    }
  }

  void check_object(JsonObject& object, const JsonValue& schema, const Spot& spot) {
    std::vector<std::string_view> known;
    const JsonValue* properties = schema.find("properties");
    if (properties != nullptr) {
      for (const auto& [name, rule] : *properties->as<JsonObject>()) known.push_back(name);
    }
    const auto has = [&](std::string_view name) {
      return std::any_of(object.begin(), object.end(), [&](const auto& member) { return member.first == name; });
    };
    std::vector<std::string_view> open;  // what a misspelt name can have meant
    std::copy_if(known.begin(), known.end(), std::back_inserter(open), [&](auto name) { return !has(name); });
    std::vector<std::string_view> meant;
    for (auto& [name, value] : object) {
      const Spot below = member_spot(spot, name);
      const MemberRule rule = member_rule(schema, name);
      if (!rule.allowed) {
        meant.push_back(sdk::nearest_name(name, open));
        refuse_key(below, fmt::format("unknown key; allowed: {}{}", listed(known), sdk::did_you_mean(name, open)));
      } else if (rule.schema != nullptr) {
        check(value, *rule.schema, below);
      }
    }
    if (const JsonValue* required = schema.find("required")) {
      for (const JsonValue& item : *required->as<JsonList>()) {
        const std::string& name = *item.as<std::string>();
        const bool misspelt = std::find(meant.begin(), meant.end(), name) != meant.end();
        if (!has(name) && !misspelt) refuse_key(spot, fmt::format("the key \"{}\" is missing", name));
      }
    }
    if (properties != nullptr) fill_defaults(object, *properties->as<JsonObject>(), spot);
  }

  void fill_defaults(JsonObject& object, const JsonObject& properties, const Spot& spot) {
    for (const auto& [name, rule] : properties) {
      const JsonValue* standard = rule.find("default");
      const auto given =
          std::find_if(object.begin(), object.end(),
                       [&, n = std::string_view(name)](const auto& member) { return member.first == n; });
      if (standard == nullptr || given != object.end()) continue;
      object.emplace_back(name, *standard);
      const bool outer = std::exchange(in_default_, true);
      check(object.back().second, rule, member_spot(spot, name));  // fills the defaults inside it
      in_default_ = outer;
    }
  }

  static Spot member_spot(const Spot& above, std::string_view name) {
    const bool plain = !name.empty() && name.find_first_of(". []\"\n\r\t") == std::string_view::npos &&
                       name.size() <= limits::kConfigShownBytesMax;
    return {above.pointer + pointer_part(name), above.path + "." + (plain ? std::string(name) : shown(name)),
            above.secret};
  }

  static std::string shown_value(const JsonValue& value, const Spot& spot) {
    if (spot.secret) return "the value";
    if (value.as<JsonList>() || value.as<JsonObject>()) return "the value";
    return short_json(value);
  }

  void refuse(const Spot& spot, const std::string& what) { add(spot, what, &Position::value); }
  void refuse_key(const Spot& spot, const std::string& what) { add(spot, what, &Position::key); }

  void add(const Spot& spot, const std::string& what, std::string Position::*which) {
    if (problems_.size() == kConfigProblemsMax) return;
    problems_.push_back(
        base::problem(base::Error::kInvalid, fmt::format("{}: {}", spot.path, what), place(spot.pointer, which)));
  }

  // The place of the value, or of the nearest part above it that has one.
  std::string place(std::string pointer, std::string Position::*which) const {
    while (origin_.positions != nullptr) {
      const auto found = origin_.positions->find(pointer);
      if (found != origin_.positions->end()) return found->second.*which;
      if (pointer.empty()) break;
      pointer.resize(pointer.rfind('/'));
    }
    return origin_.where;
  }

  const JsonOrigin& origin_;
  std::vector<base::Problem> problems_;
  std::vector<ConfigPath> paths_;
  bool in_default_ = false;  // of the manifest's words: what the owner has not written is not granted by it
};

// Every default must pass its own schema, or the daemon would hand a plugin what it would refuse from a person.
void check_defaults(const JsonValue& schema, const std::string& where, std::vector<base::Problem>& problems) {
  if (const JsonValue* standard = schema.find("default")) {
    JsonValue copy = *standard;
    const JsonOrigin origin{"config schema default", where, nullptr};
    for (auto& problem : ValueCheck(origin).run(copy, schema)) problems.push_back(std::move(problem));
  }
  if (const JsonValue* properties = schema.find("properties")) {
    for (const auto& [name, rule] : *properties->as<JsonObject>()) check_defaults(rule, where, problems);
  }
  if (const JsonValue* items = schema.find("items")) check_defaults(*items, where, problems);
  const JsonValue* additional = schema.find("additionalProperties");
  if (additional != nullptr && additional->as<JsonObject>()) check_defaults(*additional, where, problems);
}

}  // namespace

base::Checked<SecretValue> parse_config(std::string_view json, const JsonOrigin& origin) {
  auto value = parse_json(json);
  if (value) return SecretValue(std::move(*value));
  return base::problem(base::Error::kInvalid, fmt::format("{}: {}", origin.path, value.error().text), origin.where);
}

JsonCheck check_config(const SecretValue& config, const JsonValue& schema, const JsonOrigin& origin) {
  JsonCheck out;
  SecretValue filled = config;
  ValueCheck values(origin);
  out.problems = values.run(filled.reveal(), schema);
  if (out.problems.empty()) {
    out.json = base::Secret(write_json(filled.reveal()));
    out.paths = values.take_paths();
  }
  return out;
}

JsonCheck check_plugin_config(const PluginSettings& plugin, const JsonValue& schema) {
  return check_config(plugin.config, schema,
                      {fmt::format("plugins.{}.config", plugin.instance), plugin.where, &plugin.positions});
}

std::vector<base::Problem> check_schema(const JsonValue& schema, const std::string& where) {
  auto problems = check_schema_shape(schema, where);
  if (problems.empty()) check_defaults(schema, where, problems);
  if (problems.size() > kConfigProblemsMax) problems.resize(kConfigProblemsMax);
  return problems;
}

}  // namespace backplane::config
