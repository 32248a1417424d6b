// The host's tables of one instance, and the one way in which the SDK calls through them: a table that is null, too
// old or has the function unset gives BP_E_UNSUPPORTED instead of a crash.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/host.h>

#include <cstddef>

namespace backplane::sdk {

// Whether the table is there and reaches as far as `member`, and `member` is set.
template <class Table, class Function>
bool offers(const Table* table, Function Table::*member) {
  if (table == nullptr) return false;
  const auto* first = reinterpret_cast<const char*>(table);
  const auto* start = reinterpret_cast<const char*>(&(table->*member));
  return table->size >= static_cast<std::size_t>(start - first) + sizeof(Function) && table->*member != nullptr;
}

template <class Table, class... Parameters, class... Arguments>
bp_status call(const Table* table, bp_status (*Table::*member)(Parameters...), Arguments... arguments) {
  return offers(table, member) ? (table->*member)(arguments...) : BP_E_UNSUPPORTED;
}

// Valid as long as the instance. An extension that this host lacks, or that the manifest does not name, is null.
struct Tables {
  explicit Tables(const bp_host* from)
      : host(from),
        http(extension<bp_host_http>(BP_EXT_HTTP)),
        loop(extension<bp_host_loop>(BP_EXT_LOOP)),
        health(extension<bp_host_health>(BP_EXT_HEALTH)),
        info(extension<bp_host_info>(BP_EXT_HOST)),
        feed(extension<bp_host_feed>(BP_EXT_FEED)) {}

  const bp_host* host;
  const bp_host_http* http;
  const bp_host_loop* loop;
  const bp_host_health* health;
  const bp_host_info* info;
  const bp_host_feed* feed;

 private:
  template <class Table>
  const Table* extension(const char* id) const {
    if (!offers(host, &bp_host::get_extension)) return nullptr;
    return static_cast<const Table*>(host->get_extension(host, id));
  }
};

}  // namespace backplane::sdk
