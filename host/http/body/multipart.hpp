// Multipart bodies (RFC 7578), read as they come: the headers of each part, then its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Splits `text`, which ends in an empty line, into headers that look into it. kInvalid for a line without a colon or
// with an invalid name or value, a folded line, a bare CR or LF.
base::Checked<void> read_part_headers(std::string_view text, std::vector<exchange::Header>& headers);

// multipart/form-data (RFC 7578, RFC 2046 §5.1) read piece by piece, so that an upload never has to fit in memory.
// Own code: Debian 12 has no C or C++ library for it that stands alone (libmicrohttpd's is tied to its connection,
// cgicc's reads standard input, GMime is for mail and brings GLib). Security.md S-24 says what it is tested for.
//
// Stricter than RFC 2046: lines end in CRLF, no blanks behind a boundary, no folded headers, every part is form-data
// with a name, and no transfer encoding other than identity.

// The head of one part. The views live during the call that gets it.
struct PartHead {
  std::string name;
  std::optional<std::string> filename;  // as the client sent it: a text to show, never a path to open
  const std::vector<exchange::Header>& headers;
};

// Gets what the parser finds. Each part is on_part, any number of on_part_data, on_part_end. A problem that is returned
// stops the parser, and feed() returns it.
class PartSink {
 public:
  virtual ~PartSink() = default;
  virtual base::Checked<void> on_part(const PartHead& head) = 0;
  // How the data is cut into pieces depends on how it came; the bytes do not.
  virtual base::Checked<void> on_part_data(std::string_view data) = 0;
  virtual base::Checked<void> on_part_end() = 0;
};

// The boundary of a Content-Type header; kInvalid where it is absent, longer than 70 characters or not allowed.
base::Checked<std::string> multipart_boundary(std::string_view content_type);

class MultipartParser {
 public:
  // `boundary` comes from multipart_boundary(); `sink` must outlive the parser.
  MultipartParser(std::string_view boundary, PartSink& sink);

  // Takes the next piece of the body, of any size. kInvalid where the body is malformed or has more than kFieldsMax
  // parts; the parser then refuses everything that follows.
  base::Checked<void> feed(std::string_view piece);

  // To be called at the end of the body: kInvalid where the closing boundary has not come.
  base::Checked<void> finish();

 private:
  enum class State : std::uint8_t { kPreamble, kBehindBoundary, kHeaders, kData, kEpilogue, kFailed };

  base::Checked<void> step(std::string_view& rest);
  base::Checked<void> take_content(std::string_view& rest);
  base::Checked<void> take_behind_boundary(std::string_view& rest);
  base::Checked<void> take_header_bytes(std::string_view& rest);
  base::Checked<void> emit(std::string_view data);
  base::Checked<void> boundary_found();
  base::Checked<void> begin_part();

  const std::string delimiter_;  // CRLF "--" boundary
  PartSink& sink_;
  State state_ = State::kPreamble;
  std::size_t matched_;  // bytes of the delimiter that the input so far ends with
  std::size_t preamble_bytes_ = 0;
  std::size_t parts_ = 0;
  std::string behind_;     // up to two bytes behind a boundary
  std::string part_head_;  // the headers of the part, as they come
};

}  // namespace backplane::http
