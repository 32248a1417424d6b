#include "link/wire/codec.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "link/wire/reader.hpp"
#include "link/wire/writer.hpp"

namespace backplane::link {
namespace {

void fields(auto& archive, Either<FrameHead> auto& head) {
  archive.number("length", head.length);
  archive.number("code", head.code);
  archive.number("flags", head.flags);
  archive.number("id", head.id);
}

template <class Data>
Payload read(Reader& reader) {
  Data data;
  fields(reader, data);
  return data;
}

// `code` is one of the wire's.
Payload read_payload(Code code, Reader& reader) {
  switch (code) {
#define BACKPLANE_READ(name, number, Data, ...) \
  case Code::name:                              \
    return read<Data>(reader);
    BACKPLANE_LINK_MESSAGES(BACKPLANE_READ)
#undef BACKPLANE_READ
  }
  return {};
}

}  // namespace

void write_frame_head(const FrameHead& head, std::string& out) {
  Writer writer(out);
  fields(writer, head);
}

FrameHead read_frame_head(std::string_view bytes) {
  BP_CHECK(bytes.size() >= kFrameHeadBytes);
  Reader reader(bytes);
  FrameHead head;
  fields(reader, head);
  return head;
}

bool is_wire_code(std::uint16_t code) {
  const MessageRow* row = row_of(code);
  return row != nullptr && row->speaker != Speaker::kLink;
}

void encode_payload(const Message& message, std::string& out) {
  out.reserve(out.size() + bytes_of(message));
  Writer writer(out);
  std::visit([&](const auto& data) { fields(writer, data); }, message.payload);
}

base::Checked<Message> decode_payload(Code code, std::uint64_t id, std::string_view payload) {
  if (!is_wire_code(static_cast<std::uint16_t>(code))) {
    return base::problem(base::Error::kInvalid,
                         fmt::format("a frame has the code {}, which is not known", static_cast<unsigned>(code)));
  }
  Message message{code, id, {}};
  // The host starts a plugin with what the instance was made with, and so says nothing.
  if (code == Code::kStart && payload.empty()) return message;
  Reader reader(payload);
  message.payload = read_payload(code, reader);
  reader.expect_end();
  if (!reader.good()) {
    return base::problem(base::Error::kInvalid, fmt::format("a {} frame {}", code_name(code), reader.wrong()));
  }
  return message;
}

}  // namespace backplane::link
