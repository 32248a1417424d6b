// The capabilities of Linux by name, as the kernel's headers number them (capabilities(7)).
#pragma once

#include <string_view>
#include <vector>

namespace backplane::base {

// In the kernel's order: a name's place is its number.
const std::vector<std::string_view>& capability_names();

// The number of "CAP_NET_RAW"; -1 for a name that there is not.
int capability_number(std::string_view name);

}  // namespace backplane::base
