// Who a session is, and the sessions of a user, as Gravwell's clients read them (gravwell.md §1.3 and §1.4).
#pragma once

#include <vector>

#include "auth/authenticator.hpp"
#include "http/route.hpp"

namespace backplane::login {

// GET /api/info/whoami and the routes below /api/users/{id}/sessions. `authenticator` must outlive them.
std::vector<http::Route> gravwell_session_routes(auth::Authenticator& authenticator);

}  // namespace backplane::login
