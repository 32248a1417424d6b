// The bytes of every message, and what is said of those that are cut short, as they stand in wire_golden.txt: daemons
// and runners in the field speak them, so whoever changes a line there changes the wire's version.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "unit/link/samples.hpp"

namespace backplane::link {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// "0-3 a kLog frame ends within its level", one line for all lengths that are refused with the same words.
std::string refusals_of(const Message& message, std::string_view payload) {
  std::string lines;
  std::string words;
  std::size_t first = 0;
  for (std::size_t size = 0; size <= payload.size(); ++size) {
    const auto read = decode_payload(message.code, message.id, payload.substr(0, size));
    const std::string now = read ? "" : read.error().text;
    if (now == words) continue;
    if (!words.empty()) lines += fmt::format("  {}-{} {}\n", first, size - 1, words);
    words = now;
    first = size;
  }
  return lines;
}

TEST(Wire, BytesAndRefusalsAreThoseOfThisVersion) {
  std::string wire = fmt::format("version {}\n", kWireVersion);
  for (const Message& message : sample_messages()) {
    const std::string payload = payload_of(message);
    std::string head;
    write_frame_head(
        {static_cast<std::uint32_t>(payload.size()), static_cast<std::uint16_t>(message.code), 0, message.id}, head);
    wire +=
        fmt::format("{} {} {}\n{}", code_name(message.code), hex(head), hex(payload), refusals_of(message, payload));
  }
  std::ifstream file(BACKPLANE_WIRE_GOLDEN);
  EXPECT_EQ(wire, std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace
}  // namespace backplane::link
