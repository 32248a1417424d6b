// Does not answer stop before the pipe that a request named has a byte.
#include <fcntl.h>

#include "bad.hpp"

static bp_cookie asked = 0;
static void on_fd(void*, bp_cookie, std::uint32_t) {
  bad::host->done(bad::host, asked, BP_OK, {});
}
static const bp_plugin_loop kLoop{sizeof(bp_plugin_loop), 0, nullptr, on_fd, nullptr};

static void on_request(void*, const bp_request* request) {
  const std::string gate(static_cast<const char*>(request->query.data), request->query.size);
  const auto* loop = static_cast<const bp_host_loop*>(bad::host->get_extension(bad::host, BP_EXT_LOOP));
  loop->watch_fd(bad::host, 1, ::open(gate.c_str(), O_RDONLY | O_CLOEXEC), BP_FD_READ);
  bad::respond(request->op, "fine");
}
static void stop(void*, bp_cookie done) {
  asked = done;
}
static const void* get_extension(void* self, const char* id) {
  return std::string_view(id) == BP_EXT_LOOP ? &kLoop : bad::get_extension(self, id);
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::table.stop = stop;
  bad::table.get_extension = get_extension;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
