// Holds its thread in a handler: writes to the first pipe that the query names, and waits for a byte of the second.
#include <fcntl.h>
#include <unistd.h>

#include "bad.hpp"

static void on_request(void*, const bp_request* request) {
  const std::string query(static_cast<const char*>(request->query.data), request->query.size);
  const std::size_t comma = query.find(',');
  const int held = ::open(query.substr(0, comma).c_str(), O_WRONLY | O_CLOEXEC);
  const int gate = ::open(query.substr(comma + 1).c_str(), O_RDONLY | O_CLOEXEC);
  char byte = 'x';
  if (::write(held, &byte, 1) == 1 && ::read(gate, &byte, 1) == 1) bad::respond(request->op, "at last");
  ::close(held);
  ::close(gate);
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
