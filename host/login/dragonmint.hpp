// DragonMint's door: a JWT for six hours by POST /api/auth, and POST /api/updatePassword (dragonmint.md §2 and §3).
#pragma once

#include <vector>

#include "auth/authenticator.hpp"
#include "config/settings.hpp"
#include "http/route.hpp"

namespace backplane::login {

// `authenticator` must outlive the routes. Where the contract leaves room:
// - the new password must be one that users may have here; "invalid new password" says all that is wrong with it;
// - `user` of updatePassword is admin or guest; a new password opens the account of guest (contracts/README.md
// "guest").
std::vector<http::Route> dragonmint_routes(auth::Authenticator& authenticator, const config::DragonmintSettings& compat,
                                           const config::SessionLimits& limits);

// How refusals look on routes in DragonMint's style: with status 200, or with real ones.
exchange::ErrorStyle dragonmint_style(const config::DragonmintSettings& compat);

}  // namespace backplane::login
