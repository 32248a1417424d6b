// The argument checks of kvmd, with its exact texts: clients match on them (pikvm.md §2). For every plugin that speaks
// PiKVM's API.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace backplane::dialects::kvmd {

// The message of a ValidatorError.
struct Refusal {
  std::string text;
};

inline constexpr std::string_view kRawLimit = "RAW limit exceed";

// `1 true yes` or `0 false no` in any case, trimmed; a text without any of it counts as missing.
std::variant<bool, Refusal> valid_bool(std::string_view raw);

// What Python's int() reads, or 0x… with API version 4; at least `least`. `name` is kvmd's name of the argument.
std::variant<std::int64_t, Refusal> valid_int(std::string_view raw, std::string_view name, std::int64_t least,
                                              int api_version);

}  // namespace backplane::dialects::kvmd
