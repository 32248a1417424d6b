// Multipart and chunked bodies: the first byte says into what pieces the rest is cut; whole and cut must give the same
// (S-24, S-32).
#include <string>
#include <vector>

#include "base/check.hpp"
#include "fuzz/targets.hpp"
#include "http/body/body_reader.hpp"
#include "http/body/forms.hpp"
#include "http/body/multipart.hpp"

namespace backplane::fuzz {
namespace {

class Recorder final : public http::PartSink {
 public:
  base::Checked<void> on_part(const http::PartHead& head) override {
    BP_CHECK(!open_);
    open_ = true;
    text += "<" + head.name + "," + head.filename.value_or("-") + "," + std::to_string(head.headers.size()) + ">";
    return {};
  }
  base::Checked<void> on_part_data(std::string_view data) override {
    BP_CHECK(open_ && !data.empty());
    text += data;
    return {};
  }
  base::Checked<void> on_part_end() override {
    BP_CHECK(open_);
    open_ = false;
    text += "<end>";
    return {};
  }
  std::string text;

 private:
  bool open_ = false;
};

// Every byte that was accepted, and whether the body was good to its end.
std::string read_parts(std::string_view body, std::size_t size) {
  Recorder recorder;
  http::MultipartParser parser("XX", recorder);
  while (!body.empty()) {
    const std::string piece(body.substr(0, size));
    body.remove_prefix(piece.size());
    if (!parser.feed(piece)) return "refused";
  }
  return parser.finish() ? "good " + recorder.text : "refused";
}

std::string read_body(const http::Head& head, std::string_view body, std::size_t size) {
  constexpr std::uint64_t kBytesMax = 256;
  http::BodyReader reader(head, kBytesMax);
  std::string data;
  std::size_t consumed = 0;
  while (!body.empty() && !reader.finished()) {
    const std::string piece(body.substr(0, size));
    std::size_t taken = 0;
    while (taken < piece.size() && !reader.finished()) {
      const http::BodyReader::Step step = reader.read(std::string_view(piece).substr(taken));
      BP_CHECK(step.refusal || step.consumed > 0);
      taken += step.consumed;
      data += step.data;
      BP_CHECK(data.size() <= kBytesMax && data.size() == reader.received());
      if (step.refusal) return "refused " + std::to_string(step.refusal.status);
    }
    consumed += taken;
    body.remove_prefix(taken);
  }
  return std::to_string(consumed) + (reader.finished() ? " finished " : " open ") + data;
}

}  // namespace

void multipart(std::string_view input) {
  if (input.empty()) return;
  const std::size_t size = static_cast<unsigned char>(input.front()) % 16 + 1;
  const std::string_view body = input.substr(1);
  BP_CHECK(read_parts(body, body.size()) == read_parts(body, size));
  std::vector<exchange::Field> fields;
  static_cast<void>(http::read_fields("multipart/form-data; boundary=XX", body, fields));
  // Any bytes as a Content-Type.
  static_cast<void>(http::multipart_boundary(body));
  static_cast<void>(http::form_kind(body, body));
}

void chunked(std::string_view input) {
  if (input.empty()) return;
  const std::size_t size = static_cast<unsigned char>(input.front()) % 16 + 1;
  http::Head head;
  head.framing = http::Framing::kChunked;
  const std::string_view body = input.substr(1);
  BP_CHECK(read_body(head, body, body.size()) == read_body(head, body, size));
}

}  // namespace backplane::fuzz
