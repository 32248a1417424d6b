// A request's head on the wire, and what is left out of it.
#include "link/wire/fields.hpp"

#include <backplane/text.hpp>

#include "link/wire/reader.hpp"
#include "link/wire/writer.hpp"

namespace backplane::link {
namespace {

using exchange::same_name;

constexpr std::size_t kProtocolNameMax = 32;  // registered subprotocol names are shorter; tokens are longer

bool looks_like_token(std::string_view protocols) {
  while (!protocols.empty()) {
    const std::string_view one = sdk::take_part(protocols, ',');
    const std::size_t dot = one.find('.');
    const bool two_dots = dot != std::string_view::npos && one.find('.', dot + 1) != std::string_view::npos;
    if (one.size() > kProtocolNameMax || two_dots) return true;
  }
  return false;
}

}  // namespace

bool is_credential(std::string_view name, std::string_view value) {
  static constexpr std::string_view kCredentials[] = {"Authorization", "Cookie",        "Proxy-Authorization",
                                                      "X-KVMD-User",   "X-KVMD-Passwd", "Gravwell-Token",
                                                      "X-Auth-Token"};
  for (std::string_view credential : kCredentials) {
    if (same_name(name, credential)) return true;
  }
  return same_name(name, "Sec-WebSocket-Protocol") && looks_like_token(value);
}

void head_fields(Writer& writer, const exchange::Request& request) {
  writer.text("method", request.method);
  writer.text("query", request.query);
  const std::size_t place = writer.leave_count();
  std::uint32_t headers = 0;
  for (const exchange::Header& header : request.headers) {
    if (is_credential(header.name, header.value)) continue;
    writer.text("headers", header.name);
    writer.text("headers", header.value);
    ++headers;
  }
  writer.fill_count(place, headers);
}

// The views are read first; then all that they look into is copied at once, and they with it.
void head_fields(Reader& reader, exchange::Request& request) {
  const char* const start = reader.position();
  request.method = reader.view("method");
  request.query = reader.view("query");
  request.headers.resize(reader.count("headers", kFieldBytesMin));
  for (exchange::Header& header : request.headers) {
    header.name = reader.view("headers");
    header.value = reader.view("headers");
  }
  if (!reader.good()) return;
  request.head.assign(start, reader.position());
  const auto own = [&](std::string_view& view) {
    view = std::string_view(request.head.data() + (view.data() - start), view.size());
  };
  own(request.method);
  own(request.query);
  for (exchange::Header& header : request.headers) {
    own(header.name);
    own(header.value);
  }
}

}  // namespace backplane::link
