// Heads: whole and byte by byte must be read alike, and every view must lie inside the head (S-23, S-32).
#include <cstring>
#include <memory>
#include <vector>

#include "base/check.hpp"
#include "exchange/limits.hpp"
#include "fuzz/targets.hpp"
#include "http/head_check.hpp"

namespace backplane::fuzz {
namespace {

void check_inside(std::string_view view, std::string_view bytes) {
  const bool inside = view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size();
  BP_CHECK(view.empty() || view == "/" || inside);
}

void check_head_bytes(std::string_view bytes) {
  // Memory of exactly that size, so that a read beyond it is seen.
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  const std::string_view head_bytes(copy.get(), bytes.size());
  std::vector<exchange::Header> headers;
  http::Head head;
  if (http::check_head(head_bytes, headers, head)) return;
  BP_CHECK(headers.size() <= exchange::limits::kHeadersMax);
  BP_CHECK(!head.target.empty() && (head.target.front() == '/' || head.target == "*"));
  BP_CHECK(head.minor_version == 0 || !head.host.empty());
  for (const std::string_view view : {head.method, head.target, head.host, head.websocket_key}) {
    check_inside(view, head_bytes);
  }
  for (const exchange::Header& header : headers) {
    check_inside(header.name, head_bytes);
    check_inside(header.value, head_bytes);
    BP_CHECK(!header.name.empty());
    BP_CHECK(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
}

}  // namespace

void head_check(std::string_view input) {
  std::size_t resume = 0;
  const http::HeadEnd whole = http::find_head_end(input, resume);
  resume = 0;
  http::HeadEnd pieces;
  for (std::size_t size = 0; size <= input.size() && pieces.bytes == 0 && !pieces.refusal; ++size) {
    pieces = http::find_head_end(input.substr(0, size), resume);
  }
  BP_CHECK(pieces.bytes == whole.bytes);
  BP_CHECK(static_cast<bool>(pieces.refusal) == static_cast<bool>(whole.refusal));
  if (whole.bytes > 0) check_head_bytes(input.substr(0, whole.bytes));
  check_head_bytes(input);
}

}  // namespace backplane::fuzz
