// Which clients count as one: whoever has an IPv6 address has 2^64 of them.
#pragma once

#include <string>
#include <string_view>

namespace backplane::base {

enum class Ipv4Part { kAddress, kNetwork24 };
enum class Ipv6Part { kNetwork64, kNetwork56, kNetwork48 };

// A short key, not for people: of an IPv4 address (also one mapped into IPv6) as `part` says, and so of
// an IPv6 address. Everything else, Unix sockets among them, has one key.
std::string peer_network(std::string_view address, Ipv4Part ipv4, Ipv6Part ipv6 = Ipv6Part::kNetwork64);

}  // namespace backplane::base
