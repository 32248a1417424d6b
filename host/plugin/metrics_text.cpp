#include "plugin/metrics_text.hpp"

#include <charconv>
#include <cmath>

namespace backplane::plugin {
namespace {

void append_value(std::string& text, double value) {
  if (std::isnan(value)) {
    text += "NaN";
  } else if (std::isinf(value)) {
    text += value > 0 ? "+Inf" : "-Inf";
  } else {
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
}

}  // namespace

void MetricsText::add(const std::string& name, std::string_view labels, bool counter, double value) {
  const auto [group, is_new] = group_of_.try_emplace(name, groups_.size());
  if (is_new) groups_.push_back("# TYPE " + name + (counter ? " counter\n" : " gauge\n"));
  std::string& text = groups_[group->second];
  text += name;
  if (!labels.empty()) {
    text += '{';
    text += labels;
    text += '}';
  }
  text += ' ';
  append_value(text, value);
  text += '\n';
}

std::string MetricsText::take() {
  std::string all;
  for (const std::string& group : groups_) all += group;
  groups_.clear();
  group_of_.clear();
  return all;
}

}  // namespace backplane::plugin
