// Checks a plugin file from outside, as `backplanectl plugin validate` shows it: the files, then the plugin in a
// sandboxed process of its own, driven as the daemon would and worse. Nothing of it runs in this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "validate/report.hpp"

namespace backplane::validate {

inline constexpr int kLevelMax = 3;

struct Options {
  std::filesystem::path file;      // the library or its manifest
  int level = 2;                   // 1 to kLevelMax; each holds those below it
  std::uint64_t seed = 1;          // of what is random
  std::string config_json = "{}";  // as the daemon would be given it; the defaults are filled in
};

// Takes minutes at most, whatever the plugin does.
Report run(const Options& options);

}  // namespace backplane::validate
