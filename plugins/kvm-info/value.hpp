// A JSON value in memory: what the parts of /api/info hand to the writer. Object keys are kept sorted, as kvmd prints
// them (pikvm.md §2).
#pragma once

#include <backplane/json.hpp>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace backplane::kvm_info {

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
  Value* find(std::string_view name);
  const Value* find(std::string_view name) const;

  bool operator==(const Value&) const = default;

 private:
  Content content_ = nullptr;
};

// Writes the value; its depth is bounded by whoever made it.
void write_value(sdk::JsonWriter& json, const Value& value);

// {"ok": true, "result": …} in kvmd's form.
std::string kvmd_answer(const Value& result);

}  // namespace backplane::kvm_info
