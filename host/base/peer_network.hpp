// Which clients count as one: whoever has an IPv6 address has 2^64 of them.
#pragma once

#include <string>
#include <string_view>

namespace backplane::base {

enum class Ipv4Part { kAddress, kNetwork24 };

// A short key, not for people: of an IPv4 address (also one mapped into IPv6) as `part` says, of an IPv6 address its
// /64. Everything else, Unix sockets among them, has one key.
std::string peer_network(std::string_view address, Ipv4Part part);

}  // namespace backplane::base
