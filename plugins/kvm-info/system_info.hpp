// What this device claims to run, in kvmd's words: `system` and the versions that clients look at.
#pragma once

#include <string>

#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// {kernel, kvmd: {version}, streamer: {app, features, version}}. The versions are those of the contract that is served;
// clients choose their dialect by them. A feature is true only where this system has it, and today it has no streamer.
// `streamer_version` empty: the contract's.
Value system_info(int api_version, const std::string& streamer_version);

}  // namespace backplane::kvm_info
