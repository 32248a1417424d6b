#include "config/yaml/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace backplane::config {
namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view take_digits(std::string_view& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

// Digits, perhaps behind a minus.
Scalar integer(std::string_view digits) {
  std::int64_t with_sign = 0;
  std::uint64_t without_sign = 0;
  const char* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, with_sign).ec == std::errc()) return {ScalarKind::kInteger, {with_sign}};
  const bool fits = digits.front() != '-' && std::from_chars(digits.data(), end, without_sign).ec == std::errc();
  return fits ? Scalar{ScalarKind::kInteger, {without_sign}} : Scalar{ScalarKind::kNotFinite, {}};
}

// 0o17 and 0x1F.
std::optional<Scalar> prefixed_integer(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'o' && text[1] != 'x')) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, value, text[1] == 'o' ? 8 : 16);
  if (stop != end || text[2] == '-') return std::nullopt;
  if (error != std::errc()) return Scalar{ScalarKind::kNotFinite, {}};
  return integer(std::to_string(value));
}

std::optional<Scalar> decimal(std::string_view text) {
  std::string number;  // as std::from_chars reads it
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    if (text.front() == '-') number = "-";
    text.remove_prefix(1);
  }
  const std::string_view whole = take_digits(text);
  if (text.empty() && !whole.empty()) {
    number += without_leading_zeros(whole);
    return integer(number);
  }
  number += whole.empty() ? std::string_view("0") : without_leading_zeros(whole);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (whole.empty() && fraction.empty()) return std::nullopt;
    number += '.';
    number += fraction.empty() ? std::string_view("0") : fraction;
  } else if (whole.empty()) {
    return std::nullopt;
  }
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
    number += 'e';
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      number += text.front();
      text.remove_prefix(1);
    }
    const std::string_view exponent = take_digits(text);
    if (exponent.empty() || !text.empty()) return std::nullopt;
    number += exponent;
  }
  double value = 0;
  const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
  if (error != std::errc() || !std::isfinite(value)) return Scalar{ScalarKind::kNotFinite, {}};
  return Scalar{ScalarKind::kFloat, {value}};
}

}  // namespace

Scalar read_plain_scalar(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return {ScalarKind::kNull, {}};
  if (one_of(text, {"true", "True", "TRUE"})) return {ScalarKind::kBoolean, {true}};
  if (one_of(text, {"false", "False", "FALSE"})) return {ScalarKind::kBoolean, {false}};
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return {ScalarKind::kNotFinite, {}};
  std::string_view unsigned_text = text;
  if (text.front() == '-' || text.front() == '+') unsigned_text.remove_prefix(1);
  if (one_of(unsigned_text, {".inf", ".Inf", ".INF"})) return {ScalarKind::kNotFinite, {}};
  if (auto found = prefixed_integer(text)) return *found;
  if (auto found = decimal(text)) return *found;
  return {};
}

std::string_view kind_name(ScalarKind kind) {
  switch (kind) {
    case ScalarKind::kNull:
      return "nothing";
    case ScalarKind::kBoolean:
      return "true or false";
    case ScalarKind::kInteger:
    case ScalarKind::kFloat:
    case ScalarKind::kNotFinite:
      return "a number";
    case ScalarKind::kText:
      return "a text";
  }
  return "a text";
}

}  // namespace backplane::config
