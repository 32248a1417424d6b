// The doors, one row each: what app asks for, so that a dialect is named in its own files and in this table.
#pragma once

#include <vector>

#include "auth/authenticator.hpp"
#include "config/settings.hpp"
#include "exchange/error_style.hpp"
#include "http/route.hpp"

namespace backplane::login {

// The routes of all doors. `authenticator` must outlive them; new settings need new routes.
std::vector<http::Route> door_routes(auth::Authenticator& authenticator, const config::Settings& settings);

// How each dialect refuses under these settings.
std::vector<exchange::ErrorStyle> door_styles(const config::CompatSettings& compat);

}  // namespace backplane::login
