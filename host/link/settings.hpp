// What a link needs to know of the plugin instance that it carries.
#pragma once

#include <backplane/plugin.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "link/sandbox_settings.hpp"

namespace backplane::link {

struct RouteInfo {
  std::string id;
  bool websocket = false;
};

struct FeedInfo {
  std::string id;
  std::size_t depth = 0;  // items that are kept
};

struct Settings {
  std::string instance;
  std::string mount;                                      // left out of the front of each request's path
  const bp_plugin_entry* entry = nullptr;                 // thread link: stays valid, libraries are never unloaded
  std::filesystem::path library;                          // process link: what the runner loads
  std::string manifest;                                   // process link: the bytes that the library must embed
  SandboxSettings sandbox;                                // process link
  base::Level log_level = base::Level::kInfo;             // process link: lines below it stay in the child
  std::vector<std::string> extensions;                    // host extensions that the manifest names
  std::vector<RouteInfo> routes;                          // the manifest's, in its order
  std::vector<FeedInfo> feeds;                            // the manifest's, in its order
  std::vector<std::string> feeds_readable;                // full names of others' feeds that it may subscribe to
  std::string config_json;                                // for create
  std::vector<std::pair<std::string, std::string>> info;  // answers of backplane.host/1 get()
  std::filesystem::path data_dir;                         // made when the plugin first asks for it
};

}  // namespace backplane::link
