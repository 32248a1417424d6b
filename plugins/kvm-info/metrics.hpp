// kvmd's export for Prometheus (pikvm.md §8.6).
#pragma once

#include <string>
#include <string_view>

#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// Appends one gauge for each number and boolean (0 or 1) below `value`: "# TYPE name gauge", "name value", and an empty
// line between two of them. The name is `name` and the keys, joined by "_"; texts, lists and null are left out, and so
// is the key "parsed_flags" from names.
void append_metrics(std::string& text, std::string_view name, const Value& value);

}  // namespace backplane::kvm_info
