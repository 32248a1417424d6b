// How long the machine has been up.
#pragma once

#include "kvm-info/sources.hpp"
#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// {parts: {days, hours, minutes, seconds}, total}, whole seconds; all 0 where /proc/uptime cannot be read
// (pikvm.md §5.2 `uptime`).
Value uptime(const Sources& sources);

}  // namespace backplane::kvm_info
