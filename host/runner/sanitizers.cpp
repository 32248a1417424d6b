#include "runner/sanitizers.hpp"

namespace backplane::runner {
namespace {
bool left_out = false;
}

void leave_out_leak_check() {
  left_out = true;
}

}  // namespace backplane::runner

#if defined(__SANITIZE_ADDRESS__)
// The sanitizer's own hook (sanitizer/lsan_interface.h), asked when the process ends.
extern "C" __attribute__((visibility("default"), used)) int __lsan_is_turned_off() {
  return backplane::runner::left_out ? 1 : 0;
}
#endif
