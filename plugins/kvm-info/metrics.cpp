#include "kvm-info/metrics.hpp"

#include <backplane/json.hpp>

namespace backplane::kvm_info {
namespace {

void append_gauge(std::string& text, std::string_view name, std::string_view figure) {
  if (!text.empty()) text += '\n';
  text.append("# TYPE ").append(name).append(" gauge\n").append(name).append(" ").append(figure).append("\n");
}

}  // namespace

void append_metrics(std::string& text, std::string_view name, const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value.content())) {
    append_gauge(text, name, *truth ? "1" : "0");
  } else if (const auto* integer = std::get_if<std::int64_t>(&value.content())) {
    append_gauge(text, name, std::to_string(*integer));
  } else if (const auto* number = std::get_if<double>(&value.content())) {
    append_gauge(text, name, sdk::JsonWriter().number(*number).view());
  } else if (const Value::Object* members = value.object()) {
    for (const auto& [key, member] : *members) {
      const std::string longer = key == "parsed_flags" ? std::string(name) : std::string(name) + "_" + key;
      append_metrics(text, longer, member);
    }
  }
}

}  // namespace backplane::kvm_info
