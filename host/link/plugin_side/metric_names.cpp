#include "link/plugin_side/metric_names.hpp"

#include "base/utf8.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/abi_values.hpp"
#include "link/wire/message_rules.hpp"
#include "link/wire/metric_text.hpp"

namespace backplane::link {
bp_status MetricNames::find(std::string_view name, bp_fields labels, std::uint64_t& number, std::string& labels_text) {
  if (const Verdict checked = check_metric_name(name); !checked.ok()) return checked.status;
  if (labels.count > limits::kMetricLabelsBytesMax) return BP_E_LIMIT;
  labels_text.clear();
  for (std::size_t i = 0; i < labels.count; ++i) {
    const bp_field& label = field_at(labels, i);
    if (!valid_label_name(to_text(label.name))) return BP_E_INVALID;
    if (!base::valid_utf8(to_text(label.value))) return BP_E_INVALID;
    for (std::size_t before = 0; before < i; ++before) {
      if (to_text(field_at(labels, before).name) == to_text(label.name)) return BP_E_INVALID;
    }
    append_label(labels_text, to_text(label.name), to_text(label.value));
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
