#include "runner/system_call_name.hpp"

#include <seccomp.h>
#include <stdlib.h>

#include <memory>

namespace backplane::runner {

std::string system_call_name(int number) {
  struct Free {
    void operator()(char* text) const { ::free(text); }
  };
  // Negative numbers are the library's own, for calls of other architectures.
  const std::unique_ptr<char, Free> name(number < 0 ? nullptr
                                                    : seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number));
  return name ? std::string(name.get()) : "system call " + std::to_string(number);
}

}  // namespace backplane::runner
