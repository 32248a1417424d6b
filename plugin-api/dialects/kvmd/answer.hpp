// kvmd's answers: values whose keys are sorted, and the envelope around them (pikvm.md §2).
#pragma once

#include <backplane/json.hpp>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace backplane::dialects::kvmd {

// A JSON value in memory. Object keys are kept sorted, as kvmd prints them.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::map<std::string, Value, std::less<>>;
  using Content = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Value() = default;  // null
  Value(std::nullptr_t) {}
  template <std::same_as<bool> T>
  Value(T value) : content_(value) {}
  Value(int value) : content_(std::int64_t{value}) {}
  Value(std::int64_t value) : content_(value) {}
  Value(double value) : content_(value) {}
  Value(const char* text) : content_(std::string(text)) {}
  Value(std::string_view text) : content_(std::string(text)) {}
  Value(std::string text) : content_(std::move(text)) {}
  Value(Array items) : content_(std::move(items)) {}
  Value(Object members) : content_(std::move(members)) {}
  // Null where there is nothing.
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  const Content& content() const { return content_; }
  Content& content() { return content_; }

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(content_); }
  const Object* object() const { return std::get_if<Object>(&content_); }
  Object* object() { return std::get_if<Object>(&content_); }
  const std::string* string() const { return std::get_if<std::string>(&content_); }

  // The member of that name, or null where this is no object or has none. The pointer lives as long as the object.
  const Value* find(std::string_view name) const {
    const Object* members = object();
    if (members == nullptr) return nullptr;
    const auto found = members->find(name);
    return found == members->end() ? nullptr : &found->second;
  }
  Value* find(std::string_view name) { return const_cast<Value*>(std::as_const(*this).find(name)); }

  bool operator==(const Value&) const = default;

 private:
  Content content_ = nullptr;
};

// Writes the value; its depth is bounded by whoever made it.
inline void write_value(sdk::JsonWriter& json, const Value& value) {
  std::visit(
      [&json](const auto& content) {
        using T = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<T, std::nullptr_t>) {
          json.null();
        } else if constexpr (std::is_same_v<T, bool>) {
          json.boolean(content);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          json.integer(content);
        } else if constexpr (std::is_same_v<T, double>) {
          json.number(content);
        } else if constexpr (std::is_same_v<T, std::string>) {
          json.string(content);
        } else if constexpr (std::is_same_v<T, Value::Array>) {
          json.begin_array();
          for (const Value& item : content) write_value(json, item);
          json.end_array();
        } else {
          json.begin_object();
          for (const auto& [name, member] : content) {
            json.key(name);
            write_value(json, member);
          }
          json.end_object();
        }
      },
      value.content());
}

// {"ok": true, "result": …}
inline std::string answer(const Value& result) {
  sdk::JsonWriter json(sdk::JsonForm::kKvmd);
  json.begin_object().key("ok").boolean(true).key("result");
  write_value(json, result);
  json.end_object();
  return json.take();
}

// {"ok": false, "result": {"error": class, "error_msg": text}}
inline std::string failure_answer(std::string_view error_class, std::string_view text) {
  sdk::JsonWriter json(sdk::JsonForm::kKvmd);
  json.begin_object().key("ok").boolean(false).key("result").begin_object();
  json.key("error").string(error_class).key("error_msg").string(text).end_object().end_object();
  return json.take();
}

}  // namespace backplane::dialects::kvmd
