// The users as an API for backplanectl and for scripts. JSON out, JSON or a form in, errors as problem+json.
#pragma once

#include <string>
#include <vector>

#include "auth/authenticator.hpp"
#include "http/route.hpp"

namespace backplane::admin {

inline constexpr char kUsersPath[] = "/api/v1/users";

// All with the scope users.manage:
//   GET    /api/v1/users                  200 {"users": [user, …]}, by name
//   POST   /api/v1/users                  {name, role, password} → 201 user, Location
//   PUT    /api/v1/users/{name}/password  {password} → 204; enables an account that had no password
//   PATCH  /api/v1/users/{name}           {role} or {enabled} → 204
//   POST   /api/v1/users/{name}/totp      200 {secret, url}: a second factor from now on; the secret is shown this once
//   DELETE /api/v1/users/{name}/totp      204
//   DELETE /api/v1/users/{name}           204
// user = {uid, name, role, enabled, password_set, totp, created_ms, password_changed_ms}; the moments are milliseconds
// since 1970 UTC. 400 for a field that is missing, unknown or not allowed, 404 for an unknown user, 409 for a name that
// is taken and for what would leave no admin, 429 if too many passwords wait, 503 if the disk fails. A change
// ends the user's sessions (S-13), the caller's own as well; its answer still comes. `authenticator` must outlive the
// routes. `device`: how an authenticator app names this daemon.
std::vector<http::Route> user_routes(auth::Authenticator& authenticator, const std::string& device);

}  // namespace backplane::admin
