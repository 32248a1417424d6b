// The parameters `fields` and `legacy` of GET /api/info, and what they select (pikvm.md §2 validators, §5.1, §5.2,
// §16).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "dialects/kvmd/validators.hpp"

namespace backplane::kvm_info {

// The parts of the answer's result: its keys. `hw` and `health` never stand side by side.
struct Selection {
  std::set<std::string, std::less<>> keys;
  bool platform_in_system = false;  // 4.x, where `hw` does not carry it

  bool has(std::string_view key) const { return keys.contains(key); }
};

// Parameters as the query gave them, decoded; nothing where a parameter is missing. API version 3 knows no `legacy`.
sdk::Result<Selection> select_fields(int api_version, std::optional<std::string_view> fields,
                                     std::optional<std::string_view> legacy);

}  // namespace backplane::kvm_info
