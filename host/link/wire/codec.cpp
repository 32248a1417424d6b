// Frames; their payloads are in wire_write.cpp and wire_read.cpp.
#include "link/wire/codec.hpp"

#include "base/check.hpp"
#include "link/wire/reader.hpp"
#include "link/wire/writer.hpp"

namespace backplane::link {
namespace {

constexpr bool is_between(std::uint16_t code, Code first, Code last) {
  return code >= static_cast<std::uint16_t>(first) && code <= static_cast<std::uint16_t>(last);
}

}  // namespace

void write_frame_head(const FrameHead& head, std::string& out) {
  WireWriter writer(out);
  writer.number<std::uint32_t>(head.length);
  writer.number<std::uint16_t>(head.code);
  writer.number<std::uint16_t>(head.flags);
  writer.number<std::uint64_t>(head.id);
}

FrameHead read_frame_head(std::string_view bytes) {
  BP_CHECK(bytes.size() >= kFrameHeadBytes);
  WireReader reader(bytes);
  FrameHead head;
  head.length = reader.number<std::uint32_t>("length");
  head.code = reader.number<std::uint16_t>("code");
  head.flags = reader.number<std::uint16_t>("flags");
  head.id = reader.number<std::uint64_t>("id");
  return head;
}

bool is_wire_code(std::uint16_t code) {
  return is_between(code, Code::kStart, Code::kItem) || is_between(code, Code::kStarted, Code::kItemsTaken);
}

}  // namespace backplane::link
