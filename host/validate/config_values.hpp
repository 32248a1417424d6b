// Makes configurations that a manifest's schema allows: at its bounds, and at random.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/json/value.hpp"
#include "validate/request_plan.hpp"

namespace backplane::validate {

// The configuration with one member after the other at the ends of what the schema allows; as JSON with the defaults
// filled in, at most `count_max`, spread over all members.
std::vector<std::string> configs_at_bounds(const config::JsonValue& schema, std::string_view config_json,
                                           std::size_t count_max);

// Configurations at random; fewer if the schema allows hardly any.
std::vector<std::string> random_configs(const config::JsonValue& schema, Random& random, std::size_t count);

}  // namespace backplane::validate
