// What the running kernel says of itself (uname).
#pragma once

#include <string>

#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// {machine, release, system, version} (pikvm.md §5.1 `system.kernel`).
Value kernel();

// The machine's host name.
std::string host_name();

}  // namespace backplane::kvm_info
