#include "login/doors.hpp"

#include "exchange/dialects/styles.hpp"
#include "http/router.hpp"
#include "login/dragonmint.hpp"
#include "login/gravwell.hpp"
#include "login/kvmd.hpp"

namespace backplane::login {
namespace {

struct Door {
  std::vector<http::Route> (*routes)(auth::Authenticator&, const config::Settings&);
  exchange::ErrorStyle (*style)(const config::CompatSettings&);
};

constexpr Door kDoors[] = {
    {.routes =
         [](auth::Authenticator& authenticator, const config::Settings& settings) {
           return kvmd_routes(authenticator, settings.compat.kvmd, settings.auth.sessions.kvmd);
         },
     .style = [](const config::CompatSettings&) { return exchange::kKvmdStyle; }},
    {.routes =
         [](auth::Authenticator& authenticator, const config::Settings& settings) {
           return dragonmint_routes(authenticator, settings.compat.dragonmint, settings.auth.sessions.dragonmint);
         },
     .style = [](const config::CompatSettings& compat) { return dragonmint_style(compat.dragonmint); }},
    {.routes =
         [](auth::Authenticator& authenticator, const config::Settings& settings) {
           return gravwell_routes(authenticator, settings.compat.gravwell, settings.auth.sessions.gravwell);
         },
     .style = [](const config::CompatSettings&) { return exchange::kGravwellStyle; }},
};

}  // namespace

std::vector<http::Route> door_routes(auth::Authenticator& authenticator, const config::Settings& settings) {
  std::vector<http::Route> all;
  for (const Door& door : kDoors) http::append(all, door.routes(authenticator, settings));
  return all;
}

std::vector<exchange::ErrorStyle> door_styles(const config::CompatSettings& compat) {
  std::vector<exchange::ErrorStyle> styles;
  for (const Door& door : kDoors) styles.push_back(door.style(compat));
  return styles;
}

}  // namespace backplane::login
