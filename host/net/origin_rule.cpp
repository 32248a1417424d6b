#include "net/origin_rule.hpp"

namespace backplane::net {

bool from_foreign_site(const exchange::Request& request) {
  if (exchange::same_name(request.header("Sec-Fetch-Site"), "cross-site")) return true;
  if (!request.has_header("Origin")) return false;
  std::string_view origin = request.header("Origin");
  const std::size_t scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return true;  // "null", or nonsense
  origin.remove_prefix(scheme_end + 3);
  return !exchange::same_name(origin, request.header("Host"));
}

bool sent_by_browsers(exchange::CredentialKind kind) {
  return kind == exchange::CredentialKind::kCookie || kind == exchange::CredentialKind::kBasic;
}

}  // namespace backplane::net
