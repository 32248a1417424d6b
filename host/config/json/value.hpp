// A small JSON tree for plugin configs and manifests: read with simdjson, written with the streaming writer.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace backplane::config {

struct JsonValue;
using JsonList = std::vector<JsonValue>;
using JsonObject = std::vector<std::pair<std::string, JsonValue>>;  // in the order of the text, each name once

struct JsonValue {
  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, JsonList, JsonObject> value;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&value);
  }
  // The member of an object; null if there is none, or no object.
  const JsonValue* find(std::string_view name) const;
  bool is_number() const;
  // Equal as JSON Schema means it: 1 and 1.0 are, the order of members does not matter.
  bool equals(const JsonValue& other) const;
};

// A value that must never be shown: formatting it gives "***", and its texts are wiped when it dies.
class SecretValue {
 public:
  // An empty object.
  SecretValue() : value_{JsonObject{}} {}
  explicit SecretValue(JsonValue value) : value_(std::move(value)) {}
  SecretValue(const SecretValue&) = default;
  SecretValue& operator=(const SecretValue& other);
  SecretValue(SecretValue&& other) noexcept = default;
  SecretValue& operator=(SecretValue&& other) noexcept;
  ~SecretValue();

  // The value itself. Every caller of this is a place to look at in a review.
  const JsonValue& reveal() const noexcept { return value_; }
  JsonValue& reveal() noexcept { return value_; }

 private:
  JsonValue value_;
};

// -1, 0 or 1, exact for integers; both must be numbers.
int compare_numbers(const JsonValue& a, const JsonValue& b);

// Refuses what is no JSON, a name that stands twice in an object, and more than kJsonDepthMax levels.
base::Checked<JsonValue> parse_json(std::string_view text);

// One line.
std::string write_json(const JsonValue& value);

// One step of a JSON pointer (RFC 6901 §3): "/name", with "~" and "/" in the name escaped.
inline std::string pointer_part(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace backplane::config

template <>
struct fmt::formatter<backplane::config::SecretValue> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const backplane::config::SecretValue&, Context& context) const {
    return fmt::format_to(context.out(), "***");
  }
};
