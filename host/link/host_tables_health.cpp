// backplane.health/1, the host's side.
#include "base/utf8.hpp"
#include "link/fields.hpp"
#include "link/host_tables.hpp"
#include "link/limits.hpp"
#include "link/plugin_side.hpp"

namespace backplane::link {
namespace {

bp_status set_state(const bp_host* host, std::int32_t state, bp_bytes text) {
  if (state != BP_STATE_RUNNING && state != BP_STATE_DEGRADED) return BP_E_INVALID;
  side_of(host).to_host().send(
      {Code::kState, 0,
       State{state == BP_STATE_DEGRADED, base::clean_text(to_text(text), limits::kPluginTextBytesMax)}});
  return BP_OK;
}

bp_status metric(const bp_host* host, bp_bytes name, bp_fields labels, std::int32_t kind, double value) {
  if (kind != BP_METRIC_GAUGE && kind != BP_METRIC_COUNTER) return BP_E_INVALID;
  PluginSide& side = side_of(host);
  std::uint64_t number = 0;
  Metric metric{std::string(to_text(name)), {}, kind == BP_METRIC_COUNTER, value};
  const bp_status status = side.metric_names().find(metric.name, labels, number, metric.labels);
  if (status == BP_OK) side.to_host().send({Code::kMetric, number, std::move(metric)});
  return status;
}

}  // namespace

const bp_host_health& health_table() {
  static const bp_host_health kTable{sizeof(bp_host_health), 0, set_state, metric};
  return kTable;
}

}  // namespace backplane::link
