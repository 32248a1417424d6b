// Says too much for as long as it lives, or hears nothing.
#include <unistd.h>

#include "hostile_plugins/misdeeds.hpp"
#include "hostile_plugins/past_runner.hpp"

namespace hostile {
namespace {

// Logs, metrics and states.
void flood_the_connection(Plugin&, const bp_request&) {
  std::string batch;
  for (std::uint64_t number = 1; number <= 512; ++number) {
    const std::string name = "m" + std::to_string(number);
    batch += frame({Code::kMetric, number, link::Metric{name, "", false, 1}});
    batch += frame({Code::kLog, 0, link::Log{backplane::base::Level::kInfo, "flood"}});
    batch += frame({Code::kState, 0, link::State{number % 2 == 0, "flood"}});
  }
  for (;;) send_bytes(batch);
}

// Large, and to nobody.
void flood_with_answers(Plugin&, const bp_request&) {
  const std::string large = frame({Code::kRespond, 0, answer(std::string(900'000, 'x'))});
  for (;;) send_bytes(large);
}

void flood_standard_error(Plugin&, const bp_request&) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "flood \x1b[2J forged\n";
  while (::write(STDERR_FILENO, lines.data(), lines.size()) > 0) {
  }
}

// Reads nothing more of what the host says, and never answers.
void stop_reading(Plugin&, const bp_request&) {
  tell_that_it_begins();
  for (;;) ::pause();
}

constexpr Misdeed kRows[] = {
    {"floods-the-connection", flood_the_connection},
    {"floods-with-answers", flood_with_answers},
    {"floods-standard-error", flood_standard_error},
    {"stops-reading", stop_reading},
};

}  // namespace

std::span<const Misdeed> floods() {
  return kRows;
}

}  // namespace hostile
