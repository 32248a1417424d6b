// What a plugin in a process of its own may touch: decided by the host from the manifest and the YAML, put into force
// by the runner before anything of the plugin is loaded. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace backplane::link {

struct PathGrant {
  std::string path;  // absolute; a folder is granted with all below it
  bool write = false;

  bool operator==(const PathGrant&) const = default;
};

struct SandboxSettings {
  std::int64_t uid = -1;  // -1: the daemon's own user and group
  std::int64_t gid = -1;
  std::vector<std::int64_t> groups;  // supplementary groups of that user: they often own the devices
  std::vector<std::string> devices;  // device nodes, to read and to write
  std::vector<PathGrant> paths;      // files and folders besides the libraries, the plugin's file and its data folder
  std::vector<std::string> capabilities;  // "CAP_NET_RAW"; all others are dropped
  bool network = false;
  std::uint64_t memory_bytes_max = 0;  // 0: no limit

  // Where it differs, only a new process can put the new one into force.
  bool operator==(const SandboxSettings&) const = default;
};

// One layer of the sandbox as it is in force on this kernel.
struct SandboxLayer {
  std::string name;  // "system calls"
  bool active = false;
  std::string text;  // what it does, or why it is missing and what follows
};

}  // namespace backplane::link
