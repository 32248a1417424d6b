// bp_host: the base table.
#include "link/host_tables.hpp"

#include <cstddef>
#include <string_view>

#include "base/utf8.hpp"
#include "link/fields.hpp"
#include "link/limits.hpp"
#include "link/plugin_side.hpp"

namespace backplane::link {
namespace {

const void* table_of(std::string_view id) {
  if (id == BP_EXT_HTTP) return &http_table();
  if (id == BP_EXT_LOOP) return &loop_table();
  if (id == BP_EXT_HEALTH) return &health_table();
  if (id == BP_EXT_HOST) return &info_table();
  if (id == BP_EXT_FEED) return &feed_table();
  return nullptr;
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

}  // namespace backplane::link
