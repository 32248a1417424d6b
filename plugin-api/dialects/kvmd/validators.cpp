#include "dialects/kvmd/validators.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <optional>

#include "dialects/kvmd/python_text.hpp"

namespace backplane::dialects::kvmd {
namespace {

constexpr std::size_t kBoolCharactersMax = 16;    // 4.x (pikvm.md §2 "length"); no word of the list is longer
constexpr std::size_t kNumberCharactersMax = 16;  // so no accepted number overflows 64 bits

std::string lower_cased(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// A sign, and digits with single underscores between them; or such with "0x" in front. A number that is too large for
// 64 bits is the largest: Python has no bound, and no argument makes a difference up there.
std::optional<std::int64_t> read_int(std::string_view text, bool with_hexadecimal) {
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

}  // namespace

std::variant<bool, Refusal> valid_bool(std::string_view raw) {
  constexpr std::string_view kName = "bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])";
  if (python_length(raw) > kBoolCharactersMax) return Refusal{std::string(kRawLimit)};
  const std::string text = lower_cased(python_stripped(raw));
  if (text.empty()) return Refusal{"None argument is not a valid " + std::string(kName)};
  if (text == "1" || text == "true" || text == "yes") return true;
  if (text == "0" || text == "false" || text == "no") return false;
  return Refusal{"The argument " + python_repr(text) + " is not a valid " + std::string(kName)};
}

std::variant<std::int64_t, Refusal> valid_int(std::string_view raw, std::string_view name, std::int64_t least,
                                              int api_version) {
  const bool version_4 = api_version >= 4;
  if (version_4 && python_length(raw) > kNumberCharactersMax) return Refusal{std::string(kRawLimit)};
  const std::string_view text = python_stripped(raw);
  if (text.empty()) return Refusal{"None argument is not a valid " + std::string(name)};
  const auto value = read_int(text, version_4);
  if (!value) return Refusal{"The argument " + python_repr(text) + " is not a valid " + std::string(name)};
  if (*value < least) {
    return Refusal{"The argument '" + std::to_string(*value) + "' must be " + std::string(name) +
                   " and greater or equial than " + std::to_string(least)};
  }
  return *value;
}

}  // namespace backplane::dialects::kvmd
