// Holds its thread in a handler: until the descriptor in the query has a byte.
#include <unistd.h>

#include <cstdlib>

#include "bad.hpp"

static void on_request(void*, const bp_request* request) {
  const std::string query(static_cast<const char*>(request->query.data), request->query.size);
  char* rest = nullptr;
  const int held = static_cast<int>(std::strtol(query.c_str(), &rest, 10));
  const int gate = static_cast<int>(std::strtol(rest + 1, nullptr, 10));
  char byte = 'x';
  if (::write(held, &byte, 1) == 1 && ::read(gate, &byte, 1) == 1) bad::respond(request->op, "at last");
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
