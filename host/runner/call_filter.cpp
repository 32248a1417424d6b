#include "runner/call_filter.hpp"

#include <errno.h>

#include <array>

namespace backplane::runner {
namespace {

constexpr std::size_t kConditionsMax = 2;
constexpr std::uint32_t kSignBit = 0x80000000;
constexpr std::uint32_t kBinaryTree = 2;  // a search among hundreds of calls instead of a walk

scmp_arg_cmp condition(const CallFilter::Argument& argument) {
  return {argument.position, SCMP_CMP_MASKED_EQ, argument.mask, argument.value};
}

}  // namespace

CallFilter::CallFilter() : filter_(::seccomp_init(SCMP_ACT_TRAP)) {
  if (!filter_) {
    error_ = ENOMEM;
    return;
  }
  // Another architecture's calls (32-bit ones on a 64-bit kernel) have other numbers: never from a plugin.
  set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  set(SCMP_FLTATR_CTL_TSYNC, 1);
  set(SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree);
}

void CallFilter::allow(std::span<const char* const> names) {
  for (const char* name : names) add(SCMP_ACT_ALLOW, name, {});
}

void CallFilter::refuse(std::span<const char* const> names, int error) {
  for (const char* name : names) add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), name, {});
}

void CallFilter::allow_where(const char* name, std::initializer_list<Argument> arguments) {
  add(SCMP_ACT_ALLOW, name, arguments);
}

void CallFilter::refuse_where(const char* name, std::initializer_list<Argument> arguments, int error) {
  add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), name, arguments);
}

void CallFilter::allow_only(const char* name, unsigned position, std::span<const std::uint32_t> values,
                            int error_of_others) {
  for (const std::uint32_t value : values) add(SCMP_ACT_ALLOW, name, {{position, value}});
  add_others(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error_of_others)), name, position);
}

void CallFilter::refuse_only(const char* name, unsigned position, std::span<const std::uint32_t> values, int error) {
  for (const std::uint32_t value : values) {
    add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), name, {{position, value}});
  }
  add_others(SCMP_ACT_ALLOW, name, position);
}

void CallFilter::refuse_number(int number, int error) {
  add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), number, {});
}

void CallFilter::allow_null(const char* name, Argument first, unsigned pointer_position, int error_of_others) {
  const int number = ::seccomp_syscall_resolve_name(name);
  const std::array null{condition(first), scmp_arg_cmp{pointer_position, SCMP_CMP_EQ, 0, 0}};
  const std::array other{condition(first), scmp_arg_cmp{pointer_position, SCMP_CMP_NE, 0, 0}};
  add(SCMP_ACT_ALLOW, number, null);
  add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error_of_others)), number, other);
}

// libseccomp has no "else" for the values of an argument, but it asks for more bits before it asks for fewer. So both
// values of one bit, asked alone, are what is left over; the tests of ioctl and prctl hold it to that.
void CallFilter::add_others(std::uint32_t action, const char* name, unsigned position) {
  add(action, name, {{position, 0, kSignBit}});
  add(action, name, {{position, kSignBit, kSignBit}});
}

void CallFilter::add(std::uint32_t action, const char* name, std::initializer_list<Argument> arguments) {
  std::array<scmp_arg_cmp, kConditionsMax> conditions{};
  std::size_t count = 0;
  for (const Argument& argument : arguments) conditions.at(count++) = condition(argument);
  add(action, ::seccomp_syscall_resolve_name(name), std::span(conditions).first(count));
}

void CallFilter::add(std::uint32_t action, int number, std::span<const scmp_arg_cmp> conditions) {
  if (error_ != 0 || number < 0) return;
  const int result = ::seccomp_rule_add_array(filter_.get(), action, number, static_cast<unsigned>(conditions.size()),
                                              conditions.data());
  if (result < 0 && result != -EEXIST) error_ = -result;
}

void CallFilter::set(scmp_filter_attr attribute, std::uint32_t value) {
  const int result = ::seccomp_attr_set(filter_.get(), attribute, value);
  if (result < 0 && error_ == 0) error_ = -result;
}

int CallFilter::load() {
  if (error_ == 0) error_ = -::seccomp_load(filter_.get());
  return error_;
}

}  // namespace backplane::runner
