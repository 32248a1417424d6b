// bp_host and the tables whose functions need little more than what the link was made with: loop, health and host.
#include "link/plugin_side/host_tables.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <system_error>

#include "base/utf8.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/abi_values.hpp"
#include "link/plugin_side/plugin_side.hpp"

namespace backplane::link {
namespace {

const void* table_of(std::string_view id) {
  const auto row = std::ranges::find(kHostTables, id, &HostTableRow::id);
  return row == std::end(kHostTables) ? nullptr : row->table();
}

const void* get_extension(const bp_host* host, const char* id) {
  return id != nullptr && side_of(host).named_by_manifest(id) ? table_of(id) : nullptr;
}

base::Level to_level(std::int32_t level) {
  switch (level) {
    case BP_LOG_DEBUG:
      return base::Level::kDebug;
    case BP_LOG_WARNING:
      return base::Level::kWarning;
    case BP_LOG_ERROR:
      return base::Level::kError;
    default:
      return base::Level::kInfo;
  }
}

void log(const bp_host* host, std::int32_t level, bp_bytes text) {
  PluginSide& side = side_of(host);
  if (!base::log_enabled(to_level(level))) return;
  const auto pass = side.log_gate().pass();
  if (!pass.open) return;
  if (pass.dropped != 0) {
    side.to_host().send({Code::kLog, 0,
                         Log{base::Level::kWarning, fmt::format("{} log lines were dropped: over {} a second",
                                                                pass.dropped, limits::kLogLinesPerSecondMax)}});
  }
  Message message{Code::kLog, 0, Log{to_level(level), base::clean_text(to_text(text), limits::kLogTextBytesMax)}};
  if (!side.to_host().send(std::move(message))) side.log_gate().lost();
}

bp_status post(const bp_host* host, bp_cookie cookie) {
  return side_of(host).loop().post(cookie);
}

bp_status done(const bp_host* host, bp_cookie cookie, bp_status status, bp_bytes text) {
  return side_of(host).answer_question(cookie, status, base::clean_text(to_text(text), limits::kPluginTextBytesMax));
}

// backplane.loop/1: all of it stays beside the plugin, no message goes to the host.

bp_status set_timer(const bp_host* host, bp_cookie timer, std::int64_t delay_ms, std::int64_t period_ms) {
  return side_of(host).loop().set_timer(timer, delay_ms, period_ms);
}

bp_status cancel_timer(const bp_host* host, bp_cookie timer) {
  return side_of(host).loop().cancel_timer(timer);
}

bp_status watch_fd(const bp_host* host, bp_cookie watch, int fd, std::uint32_t events) {
  return side_of(host).loop().watch_fd(watch, fd, events);
}

bp_status unwatch_fd(const bp_host* host, bp_cookie watch) {
  return side_of(host).loop().unwatch_fd(watch);
}

bp_status run_blocking(const bp_host* host, bp_cookie cookie, void (*work)(void* argument), void* argument) {
  return side_of(host).loop().run_blocking(cookie, work, argument);
}

// backplane.health/1

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

// backplane.host/1: answered from what the link was given when it was made.

bp_status copy_out(std::string_view value, char* buffer, std::size_t capacity, std::size_t* length) {
  if (buffer == nullptr && capacity != 0) return BP_E_INVALID;
  if (length != nullptr) *length = value.size();
  if (capacity == 0) return value.empty() ? BP_OK : BP_E_LIMIT;
  const std::size_t copied = std::min(value.size(), capacity - 1);
  std::memcpy(buffer, value.data(), copied);
  buffer[copied] = '\0';
  return copied == value.size() ? BP_OK : BP_E_LIMIT;
}

bp_status get(const bp_host* host, const char* key, char* buffer, std::size_t capacity, std::size_t* length) {
  if (key == nullptr) return BP_E_INVALID;
  for (const auto& [name, value] : side_of(host).settings().info) {
    if (name == key) return copy_out(value, buffer, capacity, length);
  }
  return BP_E_UNSUPPORTED;
}

bp_status data_dir(const bp_host* host, char* buffer, std::size_t capacity, std::size_t* length) {
  PluginSide& side = side_of(host);
  const std::filesystem::path& dir = side.settings().data_dir;
  std::error_code error;
  std::filesystem::create_directories(dir.parent_path(), error);
  if (!error && ::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) error.assign(errno, std::generic_category());
  if (!error && !std::filesystem::is_directory(dir)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    side.to_host().send({Code::kLog, 0,
                         Log{base::Level::kError,
                             fmt::format("its data folder {} cannot be made: {}", dir.string(), error.message())}});
    return BP_E_IO;
  }
  return copy_out(dir.native(), buffer, capacity, length);
}

}  // namespace

static_assert(offsetof(HostTables, host) == 0);

HostTables::HostTables(PluginSide& owner) : host{}, side(&owner) {
  host.size = sizeof host;
  host.abi = BP_ABI_VERSION;
  host.get_extension = get_extension;
  host.log = log;
  host.post = post;
  host.done = done;
}

PluginSide& side_of(const bp_host* host) {
  return *reinterpret_cast<const HostTables*>(host)->side;
}

const void* loop_table() {
  static const bp_host_loop kTable{sizeof(bp_host_loop), 0,           set_timer, cancel_timer, watch_fd,
                                   unwatch_fd,           run_blocking};
  return &kTable;
}

const void* health_table() {
  static const bp_host_health kTable{sizeof(bp_host_health), 0, set_state, metric};
  return &kTable;
}

const void* info_table() {
  static const bp_host_info kTable{sizeof(bp_host_info), 0, get, data_dir};
  return &kTable;
}

}  // namespace backplane::link
