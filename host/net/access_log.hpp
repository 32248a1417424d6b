// One line per request in the daemon's log, in kvmd's form (pikvm.md §3.6).
#pragma once

#include <cstddef>

#include "exchange/request.hpp"

namespace backplane::net {

// [admin (token) / 192.168.1.2] 'GET /api/info HTTP/1.1' => 200; size=751 --- referer='-'; user_agent='curl/7'
// The query is left out: it may hold what clients should not have put there (S-11). Of the referer only the part before
// its query is shown.
void log_access(const exchange::Request& request, int status, std::size_t bytes);

}  // namespace backplane::net
