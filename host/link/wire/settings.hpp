// What a link needs to know of the plugin instance that it carries. Plain data.
#pragma once

#include <backplane/plugin.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace backplane::link {

struct PathGrant {
  std::string path;  // absolute; a folder is granted with all below it
  bool write = false;

  bool operator==(const PathGrant&) const = default;
};

// What a plugin in a process of its own may touch: decided by the host from the manifest and the YAML, put into force
// by the runner before anything of the plugin is loaded.
struct SandboxSettings {
  std::int64_t uid = -1;  // -1: the daemon's own user and group
  std::int64_t gid = -1;
  std::vector<std::int64_t> groups;  // supplementary groups of that user: they often own the devices
  std::vector<std::string> devices;  // device nodes, to read and to write
  std::vector<PathGrant> paths;      // files and folders besides the libraries, the plugin's file and its data folder
  std::vector<std::string> capabilities;  // "CAP_NET_RAW"; all others are dropped
  bool network = false;
  std::uint64_t memory_bytes_max = 0;  // 0: no limit

  // If it differs, only a new process can put the new one into force.
  bool operator==(const SandboxSettings&) const = default;
};

// One layer of the sandbox as it is in force on this kernel.
struct SandboxLayer {
  std::string name;  // "system calls"
  bool active = false;
  std::string text;  // what it does, or why it is missing and what follows
};

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
