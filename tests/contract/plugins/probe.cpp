// A plugin straight on the C tables that does what a query tells it to and keeps a journal of every status and event,
// so that one suite can check each host function over any kind of link. A query is steps joined by ',', a step is a
// name and arguments joined by ':'. GET /journal answers the journal and clears it.
#include "probe.hpp"

#include <unistd.h>

#include <thread>

namespace probe {
namespace {

const char* const kRoutes[] = {"journal", "do", "change", "look", "upload", "parts", "socket"};
enum RouteIndex : std::uint32_t { kJournal, kDo, kChange, kLook, kUpload, kParts, kSocket };

std::string describe(const bp_request& request) {
  const auto list = [](const char* what, const bp_fields& fields) {
    std::string lines;
    for (std::size_t n = 0; n < fields.count; ++n) {
      lines += std::string(what) + " " + text(fields.items[n].name) + "=" + text(fields.items[n].value) + "\n";
    }
    return lines;
  };
  std::string lines = text(request.method) + " " + text(request.path) + " ?" + text(request.query) + "\n";
  lines += list("parameter", request.path_parameters) + list("field", request.fields) + list("header", request.headers);
  lines += "user " + text(request.user) + " " + std::to_string(request.uid) + " " + text(request.role) + " " +
           std::to_string(request.session) + "\n";
  for (std::size_t n = 0; n < request.scope_count; ++n) lines += "scope " + text(request.scopes[n]) + "\n";
  lines += "from " + text(request.client_address) + " trace " + text(request.trace) + " timeout " +
           std::to_string(request.timeout_ms) + "\n";
  return lines;
}

void on_request(void* self, const bp_request* request) {
  Probe& probe = *static_cast<Probe*>(self);
  if (request->route == kJournal) {
    std::string lines;
    {
      const std::lock_guard lock(probe.mutex);
      for (const std::string& line : probe.journal) lines += line + "\n";
      probe.journal.clear();
    }
    respond(probe, request->op, 200, lines);
  } else if (request->route == kLook) {
    respond(probe, request->op, 200, describe(*request));
  } else {
    run_steps(probe, request->op, text(request->query));
  }
}

void on_part(void* self, bp_op op, const bp_part* part) {
  Probe& probe = *static_cast<Probe*>(self);
  probe.note("on_part " + probe.name_of(op) + " " + text(part->name) + " " +
             (part->has_filename != 0 ? text(part->filename) : "no file"));
}

void on_data(void* self, bp_op op, std::int32_t kind, bp_bytes data, std::int32_t last) {
  Probe& probe = *static_cast<Probe*>(self);
  probe.note("on_data " + probe.name_of(op) + " " + std::to_string(kind) + " " + std::to_string(data.size) +
             (last != 0 ? " last" : ""));
  if (probe.consume_at_once) probe.h->consume(probe.host, op, data.size);
  if (kind == BP_DATA_TEXT) run_steps(probe, op, text(data));  // a WebSocket message is steps as well
}

void on_writable(void* self, bp_op op) {
  Probe& probe = *static_cast<Probe*>(self);
  probe.note("on_writable " + probe.name_of(op));
}

void on_end(void* self, bp_op op, std::int32_t reason) {
  static const char* const kReasons[] = {"DONE", "CLIENT_GONE", "DEADLINE", "REVOKED", "STOPPING", "OVERRUN"};
  Probe& probe = *static_cast<Probe*>(self);
  if (!probe.slot_names.contains(op)) return;  // the journal names what a test has named
  probe.note("on_end " + probe.name_of(op) + " " + kReasons[reason]);
  probe.note("in_on_end", probe.h->consume(probe.host, op, 0));
}

void on_timer(void* self, bp_cookie timer) {
  static_cast<Probe*>(self)->note("on_timer " + std::to_string(timer));
}

void on_fd(void* self, bp_cookie watch, std::uint32_t events) {
  Probe& probe = *static_cast<Probe*>(self);
  char byte = 0;
  [[maybe_unused]] const auto got = ::read(probe.pipe[0], &byte, 1);
  probe.note("on_fd " + std::to_string(watch) + " " + std::to_string(events));
}

void on_blocking_done(void* self, bp_cookie cookie) {
  static_cast<Probe*>(self)->note("on_blocking_done " + std::to_string(cookie));
}

void on_post(void* self, bp_cookie cookie) {
  if (cookie != 0) static_cast<Probe*>(self)->note("on_post " + std::to_string(cookie));
}

void start(void* self, bp_cookie done) {
  Probe& probe = *static_cast<Probe*>(self);
  if (probe.configured("start", "never")) return;
  if (probe.configured("start", "fail")) {
    probe.host->done(probe.host, done, BP_E_IO, bytes("the device /dev/probe0 is missing"));
    return;
  }
  if (probe.configured("start", "degraded"))
    probe.m->set_state(probe.host, BP_STATE_DEGRADED, bytes("no second device"));
  if (probe.configured("start", "degraded-text")) {
    probe.m->set_state(probe.host, BP_STATE_DEGRADED, bytes("no second device"));
    probe.host->done(probe.host, done, BP_OK, bytes("started without it"));
    return;
  }
  if (probe.configured("start", "later")) {
    probe.starter =
        std::thread([&probe, done] { probe.host->done(probe.host, done, BP_OK, bytes("from another thread")); });
    return;
  }
  probe.note("start", probe.host->done(probe.host, done, BP_OK, {}));
  probe.note("start_again", probe.host->done(probe.host, done, BP_OK, {}));
}

void stop(void* self, bp_cookie done) {
  Probe& probe = *static_cast<Probe*>(self);
  probe.host->log(probe.host, BP_LOG_INFO, bytes("stopping"));
  probe.host->done(probe.host, done, BP_OK, {});
}

void destroy(void* self) {
  auto* probe = static_cast<Probe*>(self);
  if (probe->starter.joinable()) probe->starter.join();
  for (int fd : probe->pipe) {
    if (fd >= 0) ::close(fd);
  }
  delete probe;
}

void on_config(void* self, bp_cookie done, bp_bytes json) {
  Probe& probe = *static_cast<Probe*>(self);
  const std::string before = std::exchange(probe.config, text(json));
  if (probe.configured("on_config", "ignore")) return;
  if (probe.configured("on_config", "restart")) {
    probe.host->done(probe.host, done, BP_E_UNSUPPORTED, {});
  } else if (probe.configured("on_config", "keep")) {
    probe.config = before;
    probe.host->done(probe.host, done, BP_E_INVALID, bytes("the probe does not like it"));
  } else {
    probe.host->done(probe.host, done, BP_OK, {});
  }
}

const void* get_extension(void* self, const char* id) {
  Probe& probe = *static_cast<Probe*>(self);
  if (std::string_view(id) == BP_EXT_HTTP) return &probe.http;
  if (std::string_view(id) == BP_EXT_LOOP) return &probe.loop;
  if (std::string_view(id) == BP_EXT_FEED && !probe.configured("feeds", "none")) return &probe.feed;
  return nullptr;
}

const bp_plugin* create(const bp_host* host, const char*, bp_bytes config) {
  auto* probe = new Probe;
  probe->host = host;
  probe->config = text(config);
  probe->h = static_cast<const bp_host_http*>(host->get_extension(host, BP_EXT_HTTP));
  probe->l = static_cast<const bp_host_loop*>(host->get_extension(host, BP_EXT_LOOP));
  probe->m = static_cast<const bp_host_health*>(host->get_extension(host, BP_EXT_HEALTH));
  probe->i = static_cast<const bp_host_info*>(host->get_extension(host, BP_EXT_HOST));
  probe->http = {sizeof probe->http, std::size(kRoutes), kRoutes, on_request, on_part, on_data, on_writable, on_end};
  probe->f = static_cast<const bp_host_feed*>(host->get_extension(host, BP_EXT_FEED));
  set_feeds(*probe);
  probe->loop = {sizeof probe->loop, 0, on_timer, on_fd, on_blocking_done};
  probe->table = {sizeof probe->table, 0, probe, get_extension, start, stop, destroy, on_config, on_post};
  return &probe->table;
}

}  // namespace
}  // namespace probe

extern "C" const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];
const bp_plugin_entry backplane_plugin_entry = {
    sizeof(bp_plugin_entry), BP_ABI_VERSION, {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, probe::create};
