#include "net/request_origin.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <optional>
#include <string_view>

namespace backplane::net {

bool ClientAddress::trusted(const config::IpAddress& address) const {
  return std::any_of(proxies_.begin(), proxies_.end(),
                     [&](const config::Cidr& proxy) { return proxy.contains(address); });
}

std::string ClientAddress::of(const exchange::Request& request) const {
  std::string client = request.peer.address;
  if (proxies_.empty()) return client;
  const auto peer = config::parse_address(client);
  if (!peer || !trusted(*peer)) return client;
  // Several header lines are one list, in order (RFC 9110 §5.3).
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!exchange::same_name(header->name, "X-Forwarded-For")) continue;
    std::string_view list = header->value;
    while (!list.empty()) {
      const std::size_t comma = list.rfind(',');
      const auto address =
          config::parse_address(sdk::trim(comma == std::string_view::npos ? list : list.substr(comma + 1)));
      if (!address) return client;
      client = address->text();
      if (!trusted(*address)) return client;
      list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    }
  }
  return client;
}

bool from_foreign_site(const exchange::Request& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (exchange::same_name(site, "cross-site")) return true;
  if (exchange::same_name(site, "same-origin") || exchange::same_name(site, "none")) return false;
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
