#include "http/head_check.hpp"

#include <backplane/text.hpp>
#include <cstring>

#include "exchange/limits.hpp"
#include "http/characters.hpp"
#include "http/head_fields.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

// Longer than any registered method; a longer one is one that we surely do not implement (RFC 9112 §3 asks for 501).
constexpr std::size_t kMethodBytesMax = 32;
constexpr std::size_t kVersionBytes = 8;  // "HTTP/1.1"
constexpr std::size_t kRequestLineBytesMax = kMethodBytesMax + 1 + limits::kTargetBytesMax + 1 + kVersionBytes + 2;

Refusal read_version(std::string_view version, Head& head) {
  const bool shaped = version.size() == kVersionBytes && version.substr(0, 5) == "HTTP/" && version[6] == '.' &&
                      is_character(version[5], kDigitCharacter) && is_character(version[7], kDigitCharacter);
  if (!shaped) return {400, "The request line is malformed"};
  if (version[5] != '1' || (version[7] != '0' && version[7] != '1')) return {505, "Only HTTP/1.0 and 1.1 are spoken"};
  head.minor_version = version[7] - '0';
  return {};
}

// Splits an absolute target (RFC 9112 §3.2.2) into authority and what follows it.
Refusal read_target(std::string_view sent, Head& head, std::string_view& authority) {
  if (sent.front() == '/') {
    head.target = sent;
    return {};
  }
  if (sent == "*") {
    if (head.method != "OPTIONS") return {400, "The target * is for OPTIONS only"};
    head.target = sent;
    return {};
  }
  std::size_t start = 0;
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (sent.size() > scheme.size() && exchange::same_name(sent.substr(0, scheme.size()), scheme)) {
      start = scheme.size();
    }
  }
  if (start == 0) return {400, "The target is not a path"};
  const std::size_t path = sent.find_first_of("/?", start);
  authority = sent.substr(start, path == std::string_view::npos ? path : path - start);
  if (authority.empty()) return {400, "The target has no host"};
  if (path != std::string_view::npos && sent[path] == '?') return {400, "The target has no path"};
  head.target = path == std::string_view::npos ? std::string_view("/") : sent.substr(path);
  return {};
}

// Reads the request line; `position` ends behind its CRLF.
Refusal read_request_line(std::string_view bytes, std::size_t& position, Head& head, std::string_view& authority) {
  std::size_t i = 0;
  while (is_character(bytes[i], kTokenCharacter)) ++i;  // stops at the CR that find_head_end saw
  if (i == 0 || bytes[i] != ' ') return {400, "The request line is malformed"};
  if (i > kMethodBytesMax) return {501, "The method is not implemented"};
  head.method = bytes.substr(0, i);

  const std::size_t target = ++i;
  while (is_character(bytes[i], kTargetCharacter)) ++i;
  if (i == target || bytes[i] != ' ') return {400, "The target holds a character that must be encoded"};
  const std::string_view sent = bytes.substr(target, i - target);
  if (sent.size() > limits::kTargetBytesMax) return {414, "The target is too long"};

  const std::size_t version = ++i;
  while (bytes[i] != '\r' && bytes[i] != '\n') ++i;
  if (bytes[i] != '\r' || bytes[i + 1] != '\n') return {400, "A line does not end in CRLF"};
  if (Refusal refusal = read_version(bytes.substr(version, i - version), head)) return refusal;
  if (head.method == "CONNECT") return {501, "CONNECT is not implemented"};
  position = i + 2;
  return read_target(sent, head, authority);
}

// Reads one header line that starts at `position`, which ends behind its CRLF.
Refusal read_header(std::string_view bytes, std::size_t& position, std::vector<exchange::Header>& headers) {
  std::size_t i = position;
  while (is_character(bytes[i], kTokenCharacter)) ++i;
  if (bytes[i] != ':' || i == position) {
    if (i == position && (bytes[i] == ' ' || bytes[i] == '\t')) return {400, "A header is folded"};
    return {400, "A header has no valid name"};
  }
  const std::string_view name = bytes.substr(position, i - position);
  const std::size_t value = ++i;
  while (is_character(bytes[i], kValueCharacter)) ++i;
  if (bytes[i] != '\r' || bytes[i + 1] != '\n') return {400, "A header holds a control character"};
  if (headers.size() == exchange::limits::kHeadersMax) return {431, "There are too many headers"};
  headers.push_back({name, sdk::trim(bytes.substr(value, i - value))});
  position = i + 2;
  return {};
}

}  // namespace

HeadEnd find_head_end(std::string_view received, std::size_t& resume) {
  if (received.empty()) return {};
  if (!is_character(received.front(), kTokenCharacter)) return {0, {400, "This is not an HTTP request"}};
  while (resume < received.size()) {
    const void* found = std::memchr(received.data() + resume, '\n', received.size() - resume);
    if (found == nullptr) break;
    const std::size_t line_feed = static_cast<std::size_t>(static_cast<const char*>(found) - received.data());
    if (line_feed >= limits::kHeadBytesMax) return {0, {431, "The head is too long"}};
    if (received[line_feed - 1] != '\r') return {0, {400, "A line does not end in CRLF"}};
    resume = line_feed + 1;
    if (line_feed >= 3 && received[line_feed - 2] == '\n') return {resume, {}};
  }
  resume = received.size();
  if (received.size() > kRequestLineBytesMax && std::memchr(received.data(), '\n', kRequestLineBytesMax) == nullptr) {
    return {0, {414, "The request line is too long"}};
  }
  if (received.size() >= limits::kHeadBytesMax) return {0, {431, "The head is too long"}};
  return {};
}

Refusal check_head(std::string_view bytes, std::vector<exchange::Header>& headers, Head& head) {
  headers.clear();
  head = Head{};
  if (bytes.size() < 4 || bytes.substr(bytes.size() - 4) != "\r\n\r\n") return {400, "The head is not complete"};
  if (bytes.size() > limits::kHeadBytesMax) return {431, "The head is too long"};
  std::size_t position = 0;
  std::string_view authority;
  if (Refusal refusal = read_request_line(bytes, position, head, authority)) return refusal;
  const std::size_t end = bytes.size() - 2;  // where the empty line starts
  while (position < end) {
    if (Refusal refusal = read_header(bytes, position, headers)) return refusal;
  }
  if (position != end) return {400, "A line does not end in CRLF"};
  return read_head_fields(headers, authority, head);
}

}  // namespace backplane::http
