// The extensions that this host has, apart from their tables: who only asks for an id links none of what they need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backplane::link {

bool is_host_extension(std::string_view id);
std::vector<std::string> host_extensions();

}  // namespace backplane::link
