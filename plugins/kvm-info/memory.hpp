// How much memory is in use, from /proc/meminfo.
#pragma once

#include "kvm-info/sources.hpp"
#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// {available, percent, total}: bytes, and the part that is not available with one decimal; all null where the file
// cannot be read (pikvm.md §5.2 `hw.health.mem`).
Value memory(const Sources& sources);

}  // namespace backplane::kvm_info
