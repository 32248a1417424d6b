#include "http/head_fields.hpp"

#include <backplane/text.hpp>
#include <charconv>
#include <cstdint>

#include "http/characters.hpp"

namespace backplane::http {
namespace {

using exchange::same_name;

// Headers that are read here, or that must not be given twice because two readers could then believe two things.
enum class Known : std::uint8_t {
  kOther,
  kHost,
  kContentLength,
  kTransferEncoding,
  kConnection,
  kExpect,
  kUpgrade,
  kWebSocketVersion,
  kWebSocketKey,
  kAuthorization,
  kXKvmdUser,
  kXKvmdPassword,
  kGravwellToken,
  kContentType,
  kOrigin,
  kFetchSite,
};

Known known_header(std::string_view name) {
  const auto is = [name](std::string_view wanted, Known known) {
    return same_name(name, wanted) ? known : Known::kOther;
  };
  switch (name.size()) {
    case 4:
      return is("Host", Known::kHost);
    case 6:
      if (same_name(name, "Expect")) return Known::kExpect;
      return is("Origin", Known::kOrigin);
    case 7:
      return is("Upgrade", Known::kUpgrade);
    case 10:
      return is("Connection", Known::kConnection);
    case 11:
      return is("X-KVMD-User", Known::kXKvmdUser);
    case 12:
      return is("Content-Type", Known::kContentType);
    case 13:
      if (same_name(name, "Authorization")) return Known::kAuthorization;
      return is("X-KVMD-Passwd", Known::kXKvmdPassword);
    case 14:
      if (same_name(name, "Content-Length")) return Known::kContentLength;
      if (same_name(name, "Sec-Fetch-Site")) return Known::kFetchSite;
      return is("Gravwell-Token", Known::kGravwellToken);
    case 17:
      if (same_name(name, "Transfer-Encoding")) return Known::kTransferEncoding;
      return is("Sec-WebSocket-Key", Known::kWebSocketKey);
    case 21:
      return is("Sec-WebSocket-Version", Known::kWebSocketVersion);
    default:
      return Known::kOther;
  }
}

constexpr std::uint32_t bit(Known known) {
  return 1U << static_cast<unsigned>(known);
}

constexpr std::uint32_t kRepeatable = bit(Known::kOther) | bit(Known::kConnection) | bit(Known::kUpgrade);

// Calls `take` with each element of a comma-separated list; empty elements are skipped (RFC 9110 §5.6.1).
template <class Take>
void each_element(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = sdk::trim(list.substr(0, comma));
    if (!element.empty()) take(element);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

// A name, an IPv4 address or an IPv6 address in brackets, and a port where there is a colon.
bool valid_host(std::string_view host) {
  constexpr std::size_t kHostBytesMax = 255 + 6;
  if (host.empty() || host.size() > kHostBytesMax) return false;
  std::size_t end = 0;
  if (host.front() == '[') {
    end = 1;
    while (end < host.size() && (is_character(host[end], kHexCharacter) || host[end] == ':' || host[end] == '.')) ++end;
    if (end < 4 || end == host.size() || host[end] != ']') return false;
    ++end;
  } else {
    while (end < host.size() && is_character(host[end], kHostCharacter)) ++end;
    if (end == 0) return false;
  }
  if (end == host.size()) return true;
  if (host[end] != ':') return false;
  unsigned port = 0;
  const char* last = host.data() + host.size();
  const auto [stop, error] = std::from_chars(host.data() + end + 1, last, port);
  return error == std::errc() && stop == last && port <= 65535;
}

class FieldsReader {
 public:
  FieldsReader(std::string_view authority, Head& head) : authority_(authority), head_(head) {}

  Refusal take(const exchange::Header& header) {
    const Known known = known_header(header.name);
    if (known == Known::kOther) return {};
    if ((seen_ & bit(known) & ~kRepeatable) != 0) return {400, "A header that may stand only once is repeated"};
    seen_ |= bit(known);
    switch (known) {
      case Known::kHost:
        head_.host = header.value;
        return valid_host(header.value) ? Refusal{} : Refusal{400, "The Host header is not valid"};
      case Known::kContentLength:
        return take_length(header.value);
      case Known::kTransferEncoding:
        return take_coding(header.value);
      case Known::kConnection:
        return take_connection(header.value);
      case Known::kExpect:
        if (!same_name(header.value, "100-continue")) return {417, "Only 100-continue can be expected"};
        return {};
      case Known::kUpgrade:
        each_element(header.value, [this](std::string_view e) { upgrade_websocket_ |= same_name(e, "websocket"); });
        return {};
      case Known::kWebSocketVersion:
        version_13_ = header.value == "13";
        return {};
      case Known::kWebSocketKey:
        head_.websocket_key = header.value;
        return {};
      default:
        return {};
    }
  }

  Refusal finish() {
    const bool old = head_.minor_version == 0;
    if (!old && head_.host.empty()) return {400, "The Host header is missing"};
    if (!authority_.empty()) {
      if (!valid_host(authority_)) return {400, "The host in the target is not valid"};
      // RFC 9112 §3.2.2 lets the target win; two hosts in one request are refused instead.
      if (!head_.host.empty() && !same_name(authority_, head_.host)) return {400, "Target and Host name two hosts"};
    }
    if (chunked() && has(Known::kContentLength)) return {400, "Content-Length stands beside Transfer-Encoding"};
    if (chunked() && old) return {400, "HTTP/1.0 has no Transfer-Encoding"};
    head_.keep_alive = !close_ && (!old || keep_alive_);
    const bool body = chunked() || head_.body_bytes > 0;
    head_.expect_continue = has(Known::kExpect) && body && !old;
    if (upgrade_websocket_ && connection_upgrade_ && !old) head_.websocket = websocket(body);
    if (head_.websocket != WebSocketUpgrade::kAsked) head_.websocket_key = {};
    return {};
  }

 private:
  bool has(Known known) const { return (seen_ & bit(known)) != 0; }
  bool chunked() const { return head_.framing == Framing::kChunked; }

  Refusal take_length(std::string_view value) {
    // from_chars of an unsigned number takes no sign and no blank.
    const char* last = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), last, head_.body_bytes);
    if (value.empty() || error != std::errc() || stop != last) return {400, "The Content-Length is not valid"};
    if (!chunked()) head_.framing = Framing::kLength;
    return {};
  }

  Refusal take_coding(std::string_view value) {
    if (same_name(value, "chunked")) {
      head_.framing = Framing::kChunked;
      return {};
    }
    bool malformed = value.empty();
    bool any_chunked = false;
    std::string_view final_coding;
    each_element(value, [&](std::string_view element) {
      malformed |= !all_characters(element, kTokenCharacter) || any_chunked;
      any_chunked |= same_name(element, "chunked");
      final_coding = element;
    });
    if (malformed || final_coding.empty()) return {400, "The Transfer-Encoding is not valid"};
    return {501, "Only the transfer coding chunked is implemented"};
  }

  Refusal take_connection(std::string_view value) {
    bool malformed = false;
    each_element(value, [&](std::string_view option) {
      malformed |= !all_characters(option, kTokenCharacter);
      close_ |= same_name(option, "close");
      keep_alive_ |= same_name(option, "keep-alive");
      connection_upgrade_ |= same_name(option, "upgrade");
    });
    return malformed ? Refusal{400, "The Connection header is not valid"} : Refusal{};
  }

  WebSocketUpgrade websocket(bool body) const {
    constexpr std::size_t kKeyDigits = 22;  // 16 bytes in base64, and "==" behind them
    const std::string_view key = head_.websocket_key;
    if (head_.method != "GET" || body) return WebSocketUpgrade::kMalformed;
    if (!version_13_) return WebSocketUpgrade::kBadVersion;
    const bool good = key.size() == kKeyDigits + 2 && all_characters(key.substr(0, kKeyDigits), kBase64Character) &&
                      key.substr(kKeyDigits) == "==";
    return good ? WebSocketUpgrade::kAsked : WebSocketUpgrade::kMalformed;
  }

  const std::string_view authority_;
  Head& head_;
  std::uint32_t seen_ = 0;
  bool close_ = false;
  bool keep_alive_ = false;
  bool connection_upgrade_ = false;
  bool upgrade_websocket_ = false;
  bool version_13_ = false;
};

}  // namespace

Refusal read_head_fields(const std::vector<exchange::Header>& headers, std::string_view authority, Head& head) {
  FieldsReader reader(authority, head);
  for (const exchange::Header& header : headers) {
    if (Refusal refusal = reader.take(header)) return refusal;
  }
  return reader.finish();
}

}  // namespace backplane::http
