#include "http/body/multipart.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <cstring>
#include <utility>

#include "base/utf8.hpp"
#include "http/characters.hpp"
#include "http/header_parameters.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

using exchange::same_name;

constexpr std::size_t kBoundaryBytesMax = 70;    // RFC 2046 §5.1.1
constexpr std::size_t kPreambleBytesMax = 1024;  // no form has one; a stray line is forgiven
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBoundaryMarks = "'()+_,-./:=? ";  // RFC 2046 §5.1.1, bchars beside letters and digits

base::Problem malformed(const char* text) {
  return base::problem(base::Error::kInvalid, text);
}

bool valid_boundary(std::string_view boundary) {
  if (boundary.empty() || boundary.size() > kBoundaryBytesMax || boundary.back() == ' ') return false;
  return std::all_of(boundary.begin(), boundary.end(), [](char c) {
    const bool letter_or_digit = is_character(c, kBase64Character) && c != '+' && c != '/';
    return letter_or_digit || kBoundaryMarks.find(c) != std::string_view::npos;
  });
}

}  // namespace

base::Checked<void> read_part_headers(std::string_view text, std::vector<exchange::Header>& headers) {
  headers.clear();
  while (true) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return base::problem(base::Error::kInvalid, "The headers of a part do not end");
    const std::string_view line = text.substr(0, end);
    if (line.empty()) return {};
    text.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return base::problem(base::Error::kInvalid, "A header of a part has no colon");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (name.empty() || !all_characters(name, kTokenCharacter) || !all_characters(value, kValueCharacter)) {
      return base::problem(base::Error::kInvalid, "A header of a part holds a character that is not allowed");
    }
    if (headers.size() == limits::kPartHeadersMax)
      return base::problem(base::Error::kInvalid, "A part has too many headers");
    headers.push_back({name, sdk::trim(value)});
  }
}

base::Checked<std::string> multipart_boundary(std::string_view content_type) {
  std::optional<std::string> boundary = header_parameter(content_type, "boundary");
  if (!boundary || !valid_boundary(*boundary)) return malformed("The multipart body has no valid boundary");
  return std::move(*boundary);
}

// The first boundary has no CRLF before it where the body starts with it: as if one had just been seen.
MultipartParser::MultipartParser(std::string_view boundary, PartSink& sink)
    : delimiter_("\r\n--" + std::string(boundary)), sink_(sink), matched_(kLineEnd.size()) {}

base::Checked<void> MultipartParser::feed(std::string_view piece) {
  if (state_ == State::kFailed) return malformed("The multipart body is malformed");
  while (!piece.empty()) {
    if (auto taken = step(piece); !taken) {
      state_ = State::kFailed;
      return taken;
    }
  }
  return {};
}

base::Checked<void> MultipartParser::finish() {
  if (state_ != State::kEpilogue) return malformed("The multipart body does not end in its boundary");
  return {};
}

base::Checked<void> MultipartParser::step(std::string_view& rest) {
  switch (state_) {
    case State::kPreamble:
    case State::kData:
      return take_content(rest);
    case State::kBehindBoundary:
      return take_behind_boundary(rest);
    case State::kHeaders:
      return take_header_bytes(rest);
    case State::kEpilogue:
    case State::kFailed:
      rest = {};
      break;
  }
  return {};
}

// The delimiter starts with CR and holds no other one. So a match that breaks off can start again only at the byte that
// broke it, and the bytes matched so far are data.
base::Checked<void> MultipartParser::take_content(std::string_view& rest) {
  std::size_t carried = matched_;  // matched in earlier pieces; emitted from delimiter_ if they turn out to be data
  std::size_t i = 0;
  while (i < rest.size()) {
    if (matched_ == 0) {
      const void* found = std::memchr(rest.data() + i, '\r', rest.size() - i);
      if (found == nullptr) {
        i = rest.size();
        break;
      }
      i = static_cast<std::size_t>(static_cast<const char*>(found) - rest.data()) + 1;
      matched_ = 1;
    } else if (rest[i] == delimiter_[matched_]) {
      ++i;
      if (++matched_ < delimiter_.size()) continue;
      const std::size_t data = carried > 0 ? 0 : i - delimiter_.size();
      if (auto emitted = emit(rest.substr(0, data)); !emitted) return emitted;
      rest.remove_prefix(i);
      return boundary_found();
    } else {
      matched_ = 0;
      if (auto emitted = emit(std::string_view(delimiter_).substr(0, carried)); !emitted) return emitted;
      carried = 0;
    }
  }
  const std::size_t data = carried > 0 ? 0 : i - matched_;
  const std::string_view piece = rest.substr(0, data);
  rest = {};
  return emit(piece);
}

base::Checked<void> MultipartParser::emit(std::string_view data) {
  if (data.empty()) return {};
  if (state_ == State::kData) return sink_.on_part_data(data);
  preamble_bytes_ += data.size();
  if (preamble_bytes_ > kPreambleBytesMax) return malformed("The multipart body does not start with its boundary");
  return {};
}

base::Checked<void> MultipartParser::boundary_found() {
  const bool in_part = state_ == State::kData;
  state_ = State::kBehindBoundary;
  matched_ = 0;
  behind_.clear();
  if (in_part) return sink_.on_part_end();
  return {};
}

base::Checked<void> MultipartParser::take_behind_boundary(std::string_view& rest) {
  behind_ += rest.front();
  rest.remove_prefix(1);
  if (behind_.size() < 2) return {};
  if (behind_ == "--") {
    state_ = State::kEpilogue;
    return {};
  }
  if (behind_ != kLineEnd) return malformed("There are bytes behind a boundary");
  if (++parts_ > limits::kFieldsMax) return malformed("There are too many parts");
  part_head_.clear();
  state_ = State::kHeaders;
  return {};
}

base::Checked<void> MultipartParser::take_header_bytes(std::string_view& rest) {
  const std::size_t line_feed = rest.find('\n');
  const std::size_t taken = line_feed == std::string_view::npos ? rest.size() : line_feed + 1;
  if (part_head_.size() + taken > limits::kPartHeadBytesMax) return malformed("The headers of a part are too long");
  part_head_ += rest.substr(0, taken);
  rest.remove_prefix(taken);
  const bool ended = part_head_ == kLineEnd || part_head_.ends_with("\r\n\r\n");
  return ended ? begin_part() : base::Checked<void>();
}

base::Checked<void> MultipartParser::begin_part() {
  std::vector<exchange::Header> headers;
  if (auto read = read_part_headers(part_head_, headers); !read) return read;
  const exchange::Header* disposition = nullptr;
  for (const exchange::Header& header : headers) {
    if (same_name(header.name, "Content-Disposition")) {
      if (disposition != nullptr) return malformed("A part has two Content-Disposition headers");
      disposition = &header;
    } else if (same_name(header.name, "Content-Transfer-Encoding")) {
      const bool identity =
          same_name(header.value, "binary") || same_name(header.value, "8bit") || same_name(header.value, "7bit");
      if (!identity) return malformed("A part has a transfer encoding, which forms do not use");
    }
  }
  if (disposition == nullptr || !same_name(header_word(disposition->value), "form-data")) {
    return malformed("A part is not form-data");
  }
  std::optional<std::string> name = header_parameter(disposition->value, "name");
  if (!name || !base::valid_text(*name)) return malformed("A part has no valid name");
  std::optional<std::string> filename = header_parameter(disposition->value, "filename");
  if (filename && !base::valid_text(*filename)) return malformed("The file name of a part is not UTF-8");
  state_ = State::kData;
  matched_ = 0;
  return sink_.on_part({std::move(*name), std::move(filename), headers});
}

}  // namespace backplane::http
