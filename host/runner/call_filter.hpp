// A filter of system calls in the making: rules by name, on libseccomp.
#pragma once

#include <seccomp.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

namespace backplane::runner {

// Calls that are named in no rule end the process by SIGSYS. Names that this architecture or this libseccomp does not
// have are passed over. Where two rules are for one call, the first holds.
class CallFilter {
 public:
  CallFilter();

  // A 32-bit argument of a call and its value in some bits. The kernel does not look at the upper half of such an
  // argument, so no rule does.
  struct Argument {
    unsigned position = 0;
    std::uint32_t value = 0;
    std::uint32_t mask = 0xFFFFFFFF;
  };

  void allow(std::span<const char* const> names);
  void refuse(std::span<const char* const> names, int error);
  void allow_where(const char* name, std::initializer_list<Argument> arguments);
  void refuse_where(const char* name, std::initializer_list<Argument> arguments, int error);
  // The listed values of one argument, and all others of the same call.
  void allow_only(const char* name, unsigned position, std::span<const std::uint32_t> values, int error_of_others);
  void refuse_only(const char* name, unsigned position, std::span<const std::uint32_t> values, int error);
  // Calls by number, for those younger than libseccomp's names.
  void refuse_number(int number, int error);
  // A rule on a pointer: null or anything else.
  void allow_null(const char* name, Argument first, unsigned pointer_position, int error_of_others);

  // For all threads, for good. 0, or an errno value, also of a rule that could not be made.
  int load();

 private:
  struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
  };
  void add(std::uint32_t action, int number, std::span<const scmp_arg_cmp> conditions);
  void add(std::uint32_t action, const char* name, std::initializer_list<Argument> arguments);
  void add_others(std::uint32_t action, const char* name, unsigned position);
  void set(scmp_filter_attr attribute, std::uint32_t value);

  std::unique_ptr<void, Release> filter_;
  int error_ = 0;
};

}  // namespace backplane::runner
