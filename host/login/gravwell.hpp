// Gravwell's door: login for a JWT, logout of one or all sessions, the list of sessions, and what its clients ask
// around a login (gravwell.md §1 to §3).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "auth/authenticator.hpp"
#include "config/settings.hpp"
#include "exchange/response.hpp"
#include "http/route.hpp"

namespace backplane::login {

// JSON that nobody may keep: it is about who is logged in.
inline exchange::Response gravwell_answer(int status, std::string body) {
  exchange::Response response;
  response.status = status;
  response.content_type = exchange::kJsonType;
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = std::move(body);
  return response;
}

// `authenticator` must outlive the routes. Where the contract leaves room:
// - a user with a second factor is answered MFARequired by POST /api/login, and logs in by POST /api/login/mfa;
// - DELETE /api/users/{id}/sessions/{sid} ends one session, DELETE /api/users/{id}/sessions all of a user.
std::vector<http::Route> gravwell_routes(auth::Authenticator& authenticator, const config::GravwellSettings& compat,
                                         const config::SessionLimits& limits);

}  // namespace backplane::login
