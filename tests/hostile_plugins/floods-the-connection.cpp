// Sends logs, metrics and states for as long as it lives.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::string batch;
  for (std::uint64_t number = 1; number <= 512; ++number) {
    const std::string name = "m" + std::to_string(number);
    batch += hostile::frame({hostile::Code::kMetric, number, hostile::link::Metric{name, "", false, 1}});
    batch += hostile::frame({hostile::Code::kLog, 0, hostile::link::Log{backplane::base::Level::kInfo, "flood"}});
    batch += hostile::frame({hostile::Code::kState, 0, hostile::link::State{number % 2 == 0, "flood"}});
  }
  for (;;) hostile::send_bytes(batch);
}
HOSTILE_HANDLER(on_request);
