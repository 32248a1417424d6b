// Writes without credit, logs without end, and makes up metrics, posts and states.
#include "bad.hpp"

static void on_request(void*, const bp_request* request) {
  bp_response head{};
  head.size = sizeof head;
  head.status = 200;
  bad::http->begin(bad::host, request->op, &head);
  const std::string piece(60000, 'f');
  for (int i = 0; i < 20000; ++i) {
    bad::http->write(bad::host, request->op, BP_DATA_BYTES, bad::bytes(piece));
    bad::http->consume(bad::host, request->op, 1);
    bad::host->log(bad::host, BP_LOG_INFO, bad::bytes("flood"));
    bad::host->post(bad::host, 1);
    bad::health->set_state(bad::host, i % 2, bad::bytes("flood"));
    bad::health->metric(bad::host, bad::bytes("m" + std::to_string(i)), {}, BP_METRIC_GAUGE, i);
  }
  bad::http->end(bad::host, request->op, 0, {});
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
