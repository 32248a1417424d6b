// The argument checks of kvmd, with its exact texts: clients match on them (pikvm.md §2). A failure is 400
// ValidatorError. The raw limits count characters and came with version 4.
#pragma once

#include <algorithm>
#include <backplane/query.hpp>
#include <backplane/result.hpp>
#include <backplane/text.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/kvmd/python_text.hpp"

namespace backplane::dialects::kvmd {

inline constexpr std::size_t kUserCharactersMax = 128;
inline constexpr std::size_t kPasswordCharactersMax = 512;
inline constexpr std::size_t kTokenCharactersMax = 128;
inline constexpr std::size_t kBoolCharactersMax = 16;    // no word of the list is longer
inline constexpr std::size_t kNumberCharactersMax = 16;  // so no accepted number overflows 64 bits
inline constexpr std::size_t kFieldsCharactersMax = 512;

inline sdk::Failure refusal(std::string text) {
  return {400, std::move(text), "ValidatorError"};
}

// "The argument 'zz' is not a valid bool", with the value as Python's repr() shows it.
inline sdk::Failure no_valid(std::string_view value, std::string_view name) {
  return refusal("The argument " + python_repr(value) + " is not a valid " + std::string(name));
}

// For what must not be shown: "The argument is not a valid auth token".
inline sdk::Failure no_valid_secret(std::string_view name) {
  return refusal("The argument is not a valid " + std::string(name));
}

inline sdk::Failure missing(std::string_view name) {
  return refusal("None argument is not a valid " + std::string(name));
}

inline sdk::Failure raw_limit() {
  return refusal("RAW limit exceed");
}

// A text of few bytes has few characters: most values need no counting.
inline bool over_raw_limit(std::string_view raw, std::size_t characters_max) {
  return raw.size() > characters_max && python_length(raw) > characters_max;
}

// `1 true yes` or `0 false no` in any case, trimmed; a text without any of it counts as missing.
inline sdk::Result<bool> valid_bool(std::string_view raw) {
  constexpr std::string_view kName = "bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])";
  static constexpr sdk::Choice<bool> kWords[] = {{"1", true},  {"true", true},   {"yes", true},
                                                 {"0", false}, {"false", false}, {"no", false}};
  if (over_raw_limit(raw, kBoolCharactersMax)) return raw_limit();
  const std::string_view text = python_stripped(raw);
  if (text.empty()) return missing(kName);
  if (const auto found = sdk::parse_choice(text, kWords)) return *found;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), sdk::lower_case);
  return no_valid(lower, kName);
}

namespace detail {

// A sign, and digits with single underscores between them; or such with "0x" in front. A number that is too large for
// 64 bits is the largest: Python has no bound, and no argument makes a difference up there.
inline std::optional<std::int64_t> read_int(std::string_view text, bool with_hexadecimal) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const bool hexadecimal = with_hexadecimal && (text.starts_with("0x") || text.starts_with("0X"));
  if (hexadecimal) text.remove_prefix(2);
  if (text.starts_with('_') || text.ends_with('_') || text.find("__") != std::string_view::npos) return std::nullopt;
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
  if (digits.starts_with('-')) return std::nullopt;  // from_chars would take a second sign
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, hexadecimal ? 16 : 10);
  if (error == std::errc::result_out_of_range && stop == end) value = std::numeric_limits<std::int64_t>::max();
  if (error == std::errc::invalid_argument || stop != end) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace detail

// What Python's int() reads, or 0x… with API version 4; at least `least`. `name` is kvmd's name of the argument.
inline sdk::Result<std::int64_t> valid_int(std::string_view raw, std::string_view name, std::int64_t least,
                                           int api_version) {
  const bool version_4 = api_version >= 4;
  if (version_4 && over_raw_limit(raw, kNumberCharactersMax)) return raw_limit();
  const std::string_view text = python_stripped(raw);
  if (text.empty()) return missing(name);
  const auto value = detail::read_int(text, version_4);
  if (!value) return no_valid(text, name);
  if (*value < least) {
    return refusal("The argument '" + std::to_string(*value) + "' must be " + std::string(name) +
                   " and greater or equial than " + std::to_string(least));
  }
  return *value;
}

// The trimmed text, if it is one of `allowed`.
inline sdk::Result<std::string_view> valid_choice(std::string_view raw, std::string_view name,
                                                  const std::vector<std::string>& allowed) {
  const std::string_view text = python_stripped(raw);
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
  return no_valid(text, name);
}

// kvmd's pattern since 4: ^[a-z_]([a-z0-9@._-]*[a-z0-9_-])?$
inline bool is_user_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  if (name.empty() || !plain(name.front()) || !plain(name.back())) return false;
  if (name.front() == '-' || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '@' || c == '.'; });
}

// The trimmed name.
inline sdk::Result<std::string_view> valid_user(std::string_view raw) {
  if (over_raw_limit(raw, kUserCharactersMax)) return raw_limit();
  const std::string_view name = python_stripped(raw);
  return is_user_name(name) ? sdk::Result<std::string_view>(name) : no_valid(name, "username characters");
}

// Not trimmed, may be empty; any UTF-8 but control characters. kvmd takes only ASCII: here a password may be a sentence
// in its owner's language.
inline sdk::Result<std::string_view> valid_password(std::string_view raw) {
  if (over_raw_limit(raw, kPasswordCharactersMax)) return raw_limit();
  for (std::string_view rest = raw; !rest.empty();) {
    const auto point = sdk::take_character(rest);
    if (!point || *point < 0x20 || (*point >= 0x7F && *point <= 0x9F)) return no_valid_secret("passwd characters");
  }
  return raw;
}

// The trimmed view of 64 lower-case hex digits.
inline sdk::Result<std::string_view> valid_token(std::string_view raw) {
  if (over_raw_limit(raw, kTokenCharactersMax)) return raw_limit();
  const std::string_view token = python_stripped(raw);
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (token.size() != 64 || !std::all_of(token.begin(), token.end(), is_digit)) return no_valid_secret("auth token");
  return token;
}

// The items between commas, tabs and blanks, which may be repeated.
inline std::vector<std::string_view> split_list(std::string_view text) {
  constexpr std::string_view kSeparators = ",\t ";
  std::vector<std::string_view> items;
  for (text = python_stripped(text);;) {
    const std::size_t first = text.find_first_not_of(kSeparators);
    if (first == std::string_view::npos) return items;
    text.remove_prefix(first);
    const std::size_t end = std::min(text.find_first_of(kSeparators), text.size());
    items.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// An item of a list is none of what is allowed: kvmd shows the whole list.
inline sdk::Failure bad_item(const std::vector<std::string_view>& items) {
  std::string list;
  for (const std::string_view item : items) {
    if (!list.empty()) list += ", ";
    list += python_repr(item);
  }
  return refusal("Failed sub-validator on one of the item of [" + list + "]");
}

}  // namespace backplane::dialects::kvmd
