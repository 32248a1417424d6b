// PiKVM's door: login, check and logout as kvmd's clients know them, byte for byte (pikvm.md §2 to §4).
#pragma once

#include <vector>

#include "auth/authenticator.hpp"
#include "config/settings.hpp"
#include "http/route.hpp"

namespace backplane::login {

// POST /api/auth/login, GET /api/auth/check and POST /api/auth/logout. `authenticator` must outlive the routes; new
// settings need new routes. Where the contract leaves room:
// - what a session's end depends on is fixed at login: the lesser of `expire` and the door's lifetime;
// - logout ends what the session behind the request belongs to, cookie or bearer; after X-headers, Basic or a Unix
//   peer it is the session of the cookie, as in kvmd, and without a cookie 400;
// - an empty `redirect` counts as none, so that a page may send it always.
std::vector<http::Route> kvmd_routes(auth::Authenticator& authenticator, const config::KvmdSettings& compat,
                                     const config::SessionLimits& limits);

}  // namespace backplane::login
