// The login page: a person with a browser gets in, and sees that the device is well. Static, public, works without
// JavaScript.
#pragma once

#include <vector>

#include "config/settings.hpp"
#include "http/route.hpp"

namespace backplane::login {

// GET /, GET /login and the page's own files below /login/. The form posts to /api/auth/login and asks to be led back
// to / if kvmd's door, set as `compat` says, allows that. Answers carry an ETag and a policy that lets nothing run
// or load that is not of this page.
std::vector<http::Route> page_routes(const config::KvmdSettings& compat);

}  // namespace backplane::login
