#include "config/json/value.hpp"

#include <simdjson.h>
#include <string.h>  // explicit_bzero

#include <algorithm>
#include <backplane/json.hpp>
#include <set>

#include "base/limits.hpp"
#include "config/problems.hpp"

namespace backplane::config {
namespace {

namespace dom = simdjson::dom;

using base::limits::kJsonDepthMax;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// Returns what is wrong, or an empty text.
std::string convert(const dom::element& element, JsonValue& out, std::size_t depth) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE:
      out.value = nullptr;
      return {};
    case dom::element_type::BOOL:
      out.value = element.get_bool().value_unsafe();
      return {};
    case dom::element_type::INT64:
      out.value = element.get_int64().value_unsafe();
      return {};
    case dom::element_type::UINT64:
      out.value = element.get_uint64().value_unsafe();
      return {};
    case dom::element_type::DOUBLE:
      out.value = element.get_double().value_unsafe();
      return {};
    case dom::element_type::STRING:
      out.value = std::string(element.get_string().value_unsafe());
      return {};
    case dom::element_type::ARRAY:
    case dom::element_type::OBJECT:
      break;
  }
  if (depth == kJsonDepthMax) return "nested too deeply";
  if (element.type() == dom::element_type::ARRAY) {
    JsonList list;
    const dom::array items = element.get_array().value_unsafe();
    for (const dom::element item : items) {
      if (auto wrong = convert(item, list.emplace_back(), depth + 1); !wrong.empty()) return wrong;
    }
    out.value = std::move(list);
    return {};
  }
  JsonObject object;
  std::set<std::string_view> seen;
  const dom::object members = element.get_object().value_unsafe();
  for (const auto [name, member] : members) {
    if (!seen.insert(name).second) return "the name " + shown(name) + " stands twice in an object";
    object.emplace_back(std::string(name), JsonValue{});
    if (auto wrong = convert(member, object.back().second, depth + 1); !wrong.empty()) return wrong;
  }
  out.value = std::move(object);
  return {};
}

void write(const JsonValue& value, sdk::JsonWriter& out) {
  std::visit(Overloaded{
                 [&](std::nullptr_t) { out.null(); },
                 [&](bool b) { out.boolean(b); },
                 [&](std::int64_t n) { out.integer(n); },
                 [&](std::uint64_t n) { out.raw(std::to_string(n)); },
                 [&](double n) { out.number(n); },
                 [&](const std::string& text) { out.string(text); },
                 [&](const JsonList& list) {
                   out.begin_array();
                   for (const auto& item : list) write(item, out);
                   out.end_array();
                 },
                 [&](const JsonObject& object) {
                   out.begin_object();
                   for (const auto& [name, member] : object) {
                     out.key(name);
                     write(member, out);
                   }
                   out.end_object();
                 },
             },
             value.value);
}

void wipe(JsonValue& value) {
  if (auto* text = value.as<std::string>()) explicit_bzero(text->data(), text->size());
  if (auto* list = value.as<JsonList>()) {
    for (JsonValue& item : *list) wipe(item);
  }
  if (auto* object = value.as<JsonObject>()) {
    for (auto& [name, member] : *object) wipe(member);
  }
}

double to_double(const JsonValue& value) {
  if (const auto* n = value.as<std::int64_t>()) return static_cast<double>(*n);
  if (const auto* n = value.as<std::uint64_t>()) return static_cast<double>(*n);
  return *value.as<double>();
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto* object = as<JsonObject>();
  if (object == nullptr) return nullptr;
  const auto found = std::find_if(object->begin(), object->end(), [&](const auto& m) { return m.first == name; });
  return found == object->end() ? nullptr : &found->second;
}

bool JsonValue::is_number() const {
  return as<std::int64_t>() || as<std::uint64_t>() || as<double>();
}

SecretValue& SecretValue::operator=(const SecretValue& other) {
  return *this = SecretValue(other);
}

SecretValue& SecretValue::operator=(SecretValue&& other) noexcept {
  std::swap(value_.value, other.value_.value);  // the other one wipes it
  return *this;
}

SecretValue::~SecretValue() {
  wipe(value_);
}

int compare_numbers(const JsonValue& a, const JsonValue& b) {
  const auto order = [](auto x, auto y) { return x < y ? -1 : (y < x ? 1 : 0); };
  const auto* a_signed = a.as<std::int64_t>();
  const auto* b_signed = b.as<std::int64_t>();
  if (a_signed && b_signed) return order(*a_signed, *b_signed);
  const auto* a_unsigned = a.as<std::uint64_t>();  // only for what no int64 holds
  const auto* b_unsigned = b.as<std::uint64_t>();
  if (a_unsigned && b_unsigned) return order(*a_unsigned, *b_unsigned);
  if (a_unsigned && b_signed) return 1;
  if (a_signed && b_unsigned) return -1;
  return order(to_double(a), to_double(b));
}

bool JsonValue::equals(const JsonValue& other) const {
  if (is_number() && other.is_number()) return compare_numbers(*this, other) == 0;
  if (value.index() != other.value.index()) return false;
  if (const auto* list = as<JsonList>()) {
    const auto& second = *other.as<JsonList>();
    return std::equal(list->begin(), list->end(), second.begin(), second.end(),
                      [](const JsonValue& a, const JsonValue& b) { return a.equals(b); });
  }
  if (const auto* object = as<JsonObject>()) {
    return object->size() == other.as<JsonObject>()->size() &&
           std::all_of(object->begin(), object->end(), [&](const auto& member) {
             const JsonValue* second = other.find(member.first);
             return second != nullptr && member.second.equals(*second);
           });
  }
  if (const auto* text = as<std::string>()) return *text == *other.as<std::string>();
  if (const auto* boolean = as<bool>()) return *boolean == *other.as<bool>();
  return true;  // null
}

base::Checked<JsonValue> parse_json(std::string_view text) {
  const simdjson::padded_string padded(text);
  dom::parser parser;
  dom::element root;
  // simdjson bounds the depth itself; ours only has to be the smaller one.
  const auto allocated = parser.allocate(std::max<std::size_t>(padded.size(), 64), kJsonDepthMax + 2);
  const auto error = allocated ? allocated : parser.parse(padded).get(root);
  JsonValue out;
  std::string wrong;
  if (error == simdjson::DEPTH_ERROR) {
    wrong = "nested too deeply";
  } else if (error) {
    wrong = std::string("not valid JSON: ") + simdjson::error_message(error);
  } else {
    wrong = convert(root, out, 0);
  }
  if (!wrong.empty()) return base::problem(base::Error::kInvalid, std::move(wrong));
  return out;
}

std::string write_json(const JsonValue& value) {
  sdk::JsonWriter out;
  write(value, out);
  return out.take();
}

}  // namespace backplane::config
