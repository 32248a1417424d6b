#include "kvm-info/fields.hpp"

#include <algorithm>
#include <vector>

#include "dialects/kvmd/python_text.hpp"
#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

using dialects::kvmd::kRawLimit;
using dialects::kvmd::python_length;
using dialects::kvmd::python_repr;
using dialects::kvmd::python_stripped;
using Names = std::set<std::string, std::less<>>;

const Names kVersion3{"auth", "extras", "fan", "hw", "meta", "system"};
const Names kVersion4{"auth", "extras", "fan", "health", "meta", "node", "system", "uptime"};

std::string lower_cased(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string_view> split_list(std::string_view text) {
  constexpr std::string_view kSeparators = ",\t ";
  std::vector<std::string_view> items;
  while (true) {
    const std::size_t first = text.find_first_not_of(kSeparators);
    if (first == std::string_view::npos) return items;
    text.remove_prefix(first);
    const std::size_t end = std::min(text.find_first_of(kSeparators), text.size());
    items.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

Refusal bad_item(const std::vector<std::string_view>& items) {
  std::string list;
  for (const std::string_view item : items) {
    if (!list.empty()) list += ", ";
    list += python_repr(item);
  }
  return {"Failed sub-validator on one of the item of [" + list + "]"};
}

// The names in the list; all where it names none.
std::variant<Names, Refusal> parse_fields(std::string_view raw, const Names& allowed, const Names& all) {
  const std::vector<std::string_view> items = split_list(python_stripped(raw));
  if (items.empty()) return all;
  Names names;
  for (const std::string_view item : items) {
    std::string name = lower_cased(python_stripped(item));
    if (!allowed.contains(name)) return bad_item(items);
    names.insert(std::move(name));
  }
  return names;
}

std::variant<Selection, Refusal> select_version_3(std::string_view fields) {
  auto names = parse_fields(fields, kVersion3, kVersion3);
  if (auto* refusal = std::get_if<Refusal>(&names)) return *refusal;
  return Selection{std::get<Names>(std::move(names)), false};
}

}  // namespace

std::variant<Selection, Refusal> select_fields(int api_version, std::optional<std::string_view> fields,
                                               std::optional<std::string_view> legacy) {
  if (api_version < 4) return select_version_3(fields.value_or(""));
  bool is_legacy = true;
  if (legacy) {
    const auto parsed = dialects::kvmd::valid_bool(*legacy);
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
    is_legacy = std::get<bool>(parsed);
  }
  if (fields && python_length(*fields) > kFieldsCharactersMax) return Refusal{std::string(kRawLimit)};
  Names allowed = kVersion4;
  if (is_legacy) allowed.insert("hw");
  auto names = parse_fields(fields.value_or(""), allowed, allowed);
  if (auto* refusal = std::get_if<Refusal>(&names)) return *refusal;
  Selection selection{std::get<Names>(std::move(names)), true};
  if (selection.has("hw")) {  // it carries both health and platform
    selection.keys.erase("health");
    selection.platform_in_system = false;
  }
  return selection;
}

}  // namespace backplane::kvm_info
