// Sends a metric with a number out of range.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::say({hostile::Code::kMetric, 1'000'000'000, hostile::link::Metric{"load", "", false, 1}});
}
HOSTILE_HANDLER(on_request);
