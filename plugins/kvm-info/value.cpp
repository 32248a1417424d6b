#include "kvm-info/value.hpp"

#include <type_traits>

namespace backplane::kvm_info {

const Value* Value::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = members->find(name);
  return found == members->end() ? nullptr : &found->second;
}

Value* Value::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

void write_value(sdk::JsonWriter& json, const Value& value) {
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

std::string kvmd_answer(const Value& result) {
  sdk::JsonWriter json(sdk::JsonForm::kKvmd);
  json.begin_object().key("ok").boolean(true).key("result");
  write_value(json, result);
  json.end_object();
  return json.take();
}

}  // namespace backplane::kvm_info
