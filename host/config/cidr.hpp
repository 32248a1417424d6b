// A block of IP addresses (RFC 4632, RFC 4291 §2.3) and the canonical form of an address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace backplane::config {

struct IpAddress {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // an IPv4 address uses the first four

  // As inet_ntop writes it.
  std::string text() const;
  bool is_loopback() const;
  bool is_wildcard() const;
  bool operator==(const IpAddress&) const = default;
};

// An address literal as inet_pton takes it; no host name, no zone, no brackets.
std::optional<IpAddress> parse_address(std::string_view text);

struct Cidr {
  IpAddress network;
  unsigned prefix_bits = 0;

  // An IPv4-mapped IPv6 address counts as the IPv4 address.
  bool contains(const IpAddress& address) const;
  // The same for a literal; false if it is none.
  bool contains(std::string_view address) const;
  std::string text() const;
};

// "10.0.0.0/8", "fd00::/8", or an address alone for itself. Bits set behind the prefix are refused: the block was
// probably meant to be another one.
base::Checked<Cidr> parse_cidr(std::string_view text);

}  // namespace backplane::config
