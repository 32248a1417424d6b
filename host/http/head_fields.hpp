// What the headers of a request mean for its framing and its connection; a part of head_check.
#pragma once

#include <vector>

#include "exchange/request.hpp"
#include "http/head_check.hpp"

namespace backplane::http {

// Reads host, framing, keep_alive, expect_continue and websocket from headers whose bytes have been checked; method,
// minor_version must be set already. `authority` is that of an absolute target, else empty.
Refusal read_head_fields(const std::vector<exchange::Header>& headers, std::string_view authority, Head& head);

}  // namespace backplane::http
