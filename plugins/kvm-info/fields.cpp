#include "kvm-info/fields.hpp"

#include <algorithm>
#include <vector>

#include "dialects/kvmd/validators.hpp"
#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names kVersion3{"auth", "extras", "fan", "hw", "meta", "system"};
const Names kVersion4{"auth", "extras", "fan", "health", "meta", "node", "system", "uptime"};

// The names in the list; all where it names none.
sdk::Result<Names> parse_fields(std::string_view raw, const Names& allowed, const Names& all) {
  const std::vector<std::string_view> items = dialects::kvmd::split_list(raw);
  if (items.empty()) return all;
  Names names;
  for (const std::string_view item : items) {
    std::string name(dialects::kvmd::python_stripped(item));
    std::transform(name.begin(), name.end(), name.begin(), sdk::lower_case);
    if (!allowed.contains(name)) return dialects::kvmd::bad_item(items);
    names.insert(std::move(name));
  }
  return names;
}

sdk::Result<Selection> select_version_3(std::string_view fields) {
  auto names = parse_fields(fields, kVersion3, kVersion3);
  if (!names) return names.failure();
  return Selection{*std::move(names), false};
}

}  // namespace

sdk::Result<Selection> select_fields(int api_version, std::optional<std::string_view> fields,
                                     std::optional<std::string_view> legacy) {
  if (api_version < 4) return select_version_3(fields.value_or(""));
  bool is_legacy = true;
  if (legacy) {
    const auto parsed = dialects::kvmd::valid_bool(*legacy);
    if (!parsed) return parsed.failure();
    is_legacy = *parsed;
  }
  if (fields && dialects::kvmd::over_raw_limit(*fields, dialects::kvmd::kFieldsCharactersMax)) {
    return dialects::kvmd::raw_limit();
  }
  Names allowed = kVersion4;
  if (is_legacy) allowed.insert("hw");
  auto names = parse_fields(fields.value_or(""), allowed, allowed);
  if (!names) return names.failure();
  Selection selection{*std::move(names), true};
  if (selection.has("hw")) {  // it carries both health and platform
    selection.keys.erase("health");
    selection.platform_in_system = false;
  }
  return selection;
}

}  // namespace backplane::kvm_info
