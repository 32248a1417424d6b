// What the machine is, and what it claims to run: kernel, platform, and the versions that clients look at (pikvm.md
// §5).
#pragma once

#include <optional>
#include <string>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// What the running kernel says of itself (uname).

// {machine, release, system, version} (pikvm.md §5.1 `system.kernel`).
Value kernel();

// The machine's host name.
std::string host_name();

// Which board this is: device tree, else DMI, and what the platform file adds.

// Read once, when it is made: a board does not change while it runs.
class Platform {
 public:
  // `platform_file` is a path as it is, not below the root; empty: there is none.
  Platform(const Sources& sources, const std::string& platform_file);

  // 3: {base, serial, type}; 4 adds {board, model, video} and writes the serial in upper case. `type` is always "rpi",
  // also on other boards, as kvmd's clients know it (pikvm.md §5).
  Value describe(int api_version) const;

  // Why the platform file could not be used; empty where it could, or none is named.
  const std::string& problem() const { return problem_; }

 private:
  void read_platform_file(const std::string& path);

  std::optional<std::string> base_;
  std::optional<std::string> serial_;
  std::optional<std::string> model_;
  std::optional<std::string> video_;
  std::optional<std::string> board_;
  std::string problem_;
};

// What this device claims to run, in kvmd's words: `system` and the versions that clients look at.

// {kernel, kvmd: {version}, streamer: {app, features, version}}. The versions are those of the contract that is served;
// clients choose their dialect by them. A feature is true only where this system has it, and today it has no streamer.
// `streamer_version` empty: the contract's.
Value system_info(int api_version, const std::string& streamer_version);

}  // namespace backplane::kvm_info
