#include "base/peer_network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>

namespace backplane::base {
namespace {

std::size_t bytes_of(Ipv6Part part) {
  switch (part) {
    case Ipv6Part::kNetwork64:
      return 8;
    case Ipv6Part::kNetwork56:
      return 7;
    case Ipv6Part::kNetwork48:
      return 6;
  }
  return 8;
}

}  // namespace

std::string peer_network(std::string_view address, Ipv4Part ipv4, Ipv6Part ipv6) {
  const std::size_t ipv4_bytes = ipv4 == Ipv4Part::kAddress ? 4 : 3;
  const std::string text(address);
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return "4" + std::string(reinterpret_cast<const char*>(&v4), ipv4_bytes);
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) == 1) {
    const auto* bytes = reinterpret_cast<const char*>(&v6);
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return "4" + std::string(bytes + 12, ipv4_bytes);
    return "6" + std::string(bytes, bytes_of(ipv6));
  }
  return "-";
}

}  // namespace backplane::base
