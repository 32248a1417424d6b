#include "config/cidr.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace backplane::config {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress unmapped(const IpAddress& address) {
  if (!address.v6 || !std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin())) return address;
  IpAddress out;
  std::copy_n(address.bytes.begin() + 12, 4, out.bytes.begin());
  return out;
}

IpAddress masked(IpAddress address, unsigned bits) {
  for (unsigned i = 0; i < address.bytes.size(); ++i) {
    const unsigned kept = bits > i * 8 ? std::min(bits - i * 8, 8U) : 0;
    address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xff00U >> kept));
  }
  return address;
}

}  // namespace

std::string IpAddress::text() const {
  char out[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), out, sizeof out);
  return out;
}

bool IpAddress::is_loopback() const {
  const IpAddress plain = unmapped(*this);
  if (!plain.v6) return plain.bytes[0] == 127;
  return plain.bytes[15] == 1 && std::all_of(plain.bytes.begin(), plain.bytes.end() - 1, [](auto b) { return b == 0; });
}

bool IpAddress::is_wildcard() const {
  return std::all_of(bytes.begin(), bytes.end(), [](auto b) { return b == 0; });
}

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress out;
  out.v6 = terminated.find(':') != std::string::npos;
  if (::inet_pton(out.v6 ? AF_INET6 : AF_INET, terminated.c_str(), out.bytes.data()) != 1) return std::nullopt;
  return out;
}

bool Cidr::contains(const IpAddress& address) const {
  const IpAddress plain = network.v6 ? address : unmapped(address);
  return plain.v6 == network.v6 && masked(plain, prefix_bits) == network;
}

bool Cidr::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  return parsed && contains(*parsed);
}

std::string Cidr::text() const {
  return fmt::format("{}/{}", network.text(), prefix_bits);
}

base::Checked<Cidr> parse_cidr(std::string_view text) {
  const auto refuse = [](std::string what) { return base::problem(base::Error::kInvalid, std::move(what)); };
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return refuse("an address block is needed, such as 10.0.0.0/8 or fd00::/8");
  const unsigned bits_max = address->v6 ? 128 : 32;
  unsigned bits = bits_max;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits > bits_max) {
      return refuse(fmt::format("the number after the slash must be 0 to {}", bits_max));
    }
  }
  const Cidr out{masked(*address, bits), bits};
  if (!(out.network == *address)) {
    return refuse(fmt::format("bits are set behind the first {}; did you mean \"{}\"?", bits, out.text()));
  }
  return out;
}

}  // namespace backplane::config
