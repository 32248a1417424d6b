#include "app/restart_settings.hpp"

#include "app/listeners.hpp"

namespace backplane::app {

std::vector<std::string> keep_until_restart(const config::Settings& running, config::Settings& next) {
  std::vector<std::string> differ;
  const auto keep = [&differ](const char* key, const auto& present, auto& wanted) {
    if (present == wanted) return;
    differ.emplace_back(key);
    wanted = present;
  };
  if (describe_listeners(running) != describe_listeners(next)) differ.emplace_back("listen");
  next.listen = running.listen;  // the peers were taken from it before
  keep("auth.passwords", running.auth.passwords, next.auth.passwords);
  keep("compat.kvmd.api_version", running.compat.kvmd.api_version, next.compat.kvmd.api_version);
  keep("plugin_dirs", running.plugin_dirs, next.plugin_dirs);
  keep("device.name", running.device.name, next.device.name);
  return differ;
}

}  // namespace backplane::app
