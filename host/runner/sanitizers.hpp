// What sanitizers need of a process in the sandbox. All that differs in their builds is told here.
#pragma once

namespace backplane::runner {

// Their shadow of all memory is private and writable, so that a limit on such memory would end the process at once.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// The search for leaks at exit starts a process that traces this one. The sandbox forbids both, so it is left out from
// here on; the same code is searched in the tests that do not enter the sandbox.
void leave_out_leak_check();

}  // namespace backplane::runner
