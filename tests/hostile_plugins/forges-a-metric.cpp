// Sends a metric whose name would be lines of its own in the text of all metrics.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::say({hostile::Code::kMetric, 1, hostile::link::Metric{"a 1\nbackplane_connections", "", false, 1}});
}
HOSTILE_HANDLER(on_request);
