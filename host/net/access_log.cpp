#include "net/access_log.hpp"

#include <string>

#include "base/log.hpp"

namespace backplane::net {
namespace {

std::string_view credential_name(exchange::CredentialKind kind) {
  using Kind = exchange::CredentialKind;
  switch (kind) {
    case Kind::kXHeaders:
      return " (xhdr)";
    case Kind::kBearer:
      return " (bearer)";
    case Kind::kWebSocketProtocol:
      return " (protocol)";
    case Kind::kCookie:
      return " (token)";
    case Kind::kBasic:
      return " (basic)";
    case Kind::kUnixPeer:
      return " (unix)";
    case Kind::kNone:
      return "";
  }
  return "";
}

std::string_view without_query(std::string_view text) {
  return text.substr(0, text.find('?'));
}

std::string_view or_dash(std::string_view text) {
  return text.empty() ? std::string_view("-") : text;
}

}  // namespace

void log_access(const exchange::Request& request, int status, std::size_t bytes) {
  const exchange::Principal* who = request.principal.get();
  base::log(base::Level::kInfo, "[{}{} / {}] '{} {} HTTP/1.{}' => {}; size={} --- referer='{}'; user_agent='{}'",
            who == nullptr ? std::string_view("-") : std::string_view(who->user),
            who == nullptr ? std::string_view() : credential_name(who->credential), or_dash(request.client_address),
            or_dash(request.method), or_dash(without_query(request.target)), request.minor_version, status, bytes,
            or_dash(without_query(request.header("Referer"))), or_dash(request.header("User-Agent")));
}

}  // namespace backplane::net
