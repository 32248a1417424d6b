// What a link needs to know of the plugin instance that it carries.
#pragma once

#include <backplane/plugin.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace backplane::link {

struct RouteInfo {
  std::string id;
  bool websocket = false;
};

struct Settings {
  std::string instance;
  std::string mount;                                      // left out of the front of each request's path
  const bp_plugin_entry* entry = nullptr;                 // stays valid for ever: libraries are never unloaded
  std::vector<std::string> extensions;                    // host extensions that the manifest names
  std::vector<RouteInfo> routes;                          // the manifest's, in its order
  std::string config_json;                                // for create
  std::vector<std::pair<std::string, std::string>> info;  // answers of backplane.host/1 get()
  std::filesystem::path data_dir;                         // made when the plugin first asks for it
};

}  // namespace backplane::link
