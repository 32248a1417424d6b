#include "net/client_address.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <optional>

namespace backplane::net {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr unsigned kIpv4Bits = 96;  // of the prefix of an IPv4-mapped address

// Both families as IPv6: IPv4 is mapped (RFC 4291 §2.5.5.2).
std::optional<Bytes> parse(std::string_view text) {
  const std::string terminated(text);
  Bytes bytes{};
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::string canonical(const Bytes& bytes) {
  static constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  char text[INET6_ADDRSTRLEN] = {};
  if (std::memcmp(bytes.data(), kMapped, sizeof kMapped) == 0) {
    inet_ntop(AF_INET, bytes.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  }
  return text;
}

bool within(const Bytes& address, const Bytes& network, unsigned bits) {
  const unsigned whole = bits / 8;
  if (std::memcmp(address.data(), network.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> (bits % 8));
  return (address[whole] & mask) == (network[whole] & mask);
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

base::Checked<ClientAddress> ClientAddress::make(const std::vector<std::string>& trusted_proxies) {
  ClientAddress result;
  for (const std::string& cidr : trusted_proxies) {
    const std::size_t slash = cidr.find('/');
    const auto address = parse(cidr.substr(0, slash));
    const bool ipv6 = cidr.find(':') != std::string::npos;
    const unsigned bits_max = ipv6 ? 128 : 32;
    unsigned bits = bits_max;
    if (slash != std::string::npos) {
      const char* end = cidr.data() + cidr.size();
      const auto [stop, error] = std::from_chars(cidr.data() + slash + 1, end, bits);
      if (error != std::errc() || stop != end) bits = bits_max + 1;
    }
    if (!address || bits > bits_max) {
      return base::problem(base::Error::kInvalid,
                           "trusted_proxies: '" + cidr + "' is not an address or a network like 10.0.0.0/8");
    }
    result.networks_.push_back({*address, ipv6 ? bits : bits + kIpv4Bits});
  }
  return result;
}

bool ClientAddress::trusted(std::string_view address) const {
  const auto bytes = parse(address);
  if (!bytes) return false;
  for (const Network& network : networks_) {
    if (within(*bytes, network.address, network.bits)) return true;
  }
  return false;
}

std::string ClientAddress::of(const exchange::Request& request) const {
  std::string client = request.peer.address;
  if (networks_.empty() || !trusted(client)) return client;
  // Several header lines are one list, in order (RFC 9110 §5.3).
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!exchange::same_name(header->name, "X-Forwarded-For")) continue;
    std::string_view list = header->value;
    while (!list.empty()) {
      const std::size_t comma = list.rfind(',');
      const auto bytes = parse(trim(comma == std::string_view::npos ? list : list.substr(comma + 1)));
      if (!bytes) return client;
      client = canonical(*bytes);
      if (!trusted(client)) return client;
      list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    }
  }
  return client;
}

}  // namespace backplane::net
