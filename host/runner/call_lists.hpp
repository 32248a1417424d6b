// Which system calls a plugin may make, whatever their arguments are. Those that depend on these are in system_calls.
#pragma once

#include <span>

namespace backplane::runner {

using Names = std::span<const char* const>;

Names ordinary_calls();  // memory, threads, time, waiting, files, what the process is
Names stream_calls();    // on sockets that are there already
Names client_calls();    // to connect one
Names server_calls();    // to listen
// Refused with EPERM: libraries try them and go on without.
Names refused_calls();
// Refused with ENOSYS: the C library and others have an older way, which the filter can look into.
Names absent_calls();

// Calls that are of no use without a capability, and open with it.
struct CapabilityCalls {
  const char* capability;
  Names calls;
};
std::span<const CapabilityCalls> capability_calls();

}  // namespace backplane::runner
