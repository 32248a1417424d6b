#include "link/metric_names.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "link/fields.hpp"

namespace backplane::link {
namespace {

namespace limits = base::limits;

bool valid_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

void append_escaped(std::string& text, std::string_view value) {
  for (char c : value) {
    if (c == '\\' || c == '"') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
}

}  // namespace

bp_status MetricNames::find(std::string_view name, bp_fields labels, std::uint64_t& number, std::string& labels_text) {
  if (!valid_name(name)) return BP_E_INVALID;
  if (name.size() > limits::kMetricNameBytesMax) return BP_E_LIMIT;
  if (labels.count > limits::kMetricLabelsBytesMax) return BP_E_LIMIT;
  labels_text.clear();
  for (std::size_t i = 0; i < labels.count; ++i) {
    const bp_field& label = field_at(labels, i);
    // "instance" is the host's own label.
    if (!valid_name(to_text(label.name)) || to_text(label.name) == "instance") return BP_E_INVALID;
    if (!base::valid_utf8(to_text(label.value))) return BP_E_INVALID;
    for (std::size_t before = 0; before < i; ++before) {
      if (to_text(field_at(labels, before).name) == to_text(label.name)) return BP_E_INVALID;
    }
    if (!labels_text.empty()) labels_text += ',';
    labels_text += to_text(label.name);
    labels_text += "=\"";
    append_escaped(labels_text, to_text(label.value));
    labels_text += '"';
    if (labels_text.size() > limits::kMetricLabelsBytesMax) return BP_E_LIMIT;
  }
  std::string key(name);
  key += '{';
  key += labels_text;
  std::lock_guard lock(mutex_);
  const auto found = numbers_.find(key);
  if (found != numbers_.end()) {
    number = found->second;
    return BP_OK;
  }
  if (numbers_.size() >= limits::kMetricsPerPluginMax) return BP_E_LIMIT;
  number = numbers_.size() + 1;
  numbers_.emplace(std::move(key), number);
  return BP_OK;
}

}  // namespace backplane::link
