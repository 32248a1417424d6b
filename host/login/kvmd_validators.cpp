#include "login/kvmd_validators.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "auth/kvmd_validators.hpp"
#include "base/utf8.hpp"

namespace backplane::login {
namespace {

constexpr std::size_t kExpireCharactersMax = 16;  // so no accepted number overflows 64 bits

base::Problem invalid(std::string text) {
  return base::problem(base::Error::kInvalid, std::move(text));
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// What Python's int() accepts: a sign, and digits with single underscores between them; or such with "0x" in front.
std::optional<std::int64_t> read_python_int(std::string_view text) {
  std::string plain;
  if (text.starts_with('-')) plain = "-";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  if (text.starts_with('_') || text.ends_with('_') || text.find("__") != std::string_view::npos) return std::nullopt;
  if (text.starts_with('-')) return std::nullopt;  // from_chars would take a second sign
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain), [](char c) { return c != '_'; });
  std::int64_t value = 0;
  const char* end = plain.data() + plain.size();
  const auto [stop, error] = std::from_chars(plain.data(), end, value, hexadecimal ? 16 : 10);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

base::Checked<std::int64_t> valid_kvmd_expire(std::string_view raw) {
  if (raw.size() > kExpireCharactersMax && base::count_characters(raw) > kExpireCharactersMax) {
    return invalid("RAW limit exceed");
  }
  const std::string_view text = trim(raw);
  if (text.empty()) return invalid("None argument is not a valid expiration time");
  const auto seconds = read_python_int(text);
  if (!seconds) return invalid("The argument " + auth::python_repr(text) + " is not a valid expiration time");
  if (*seconds < 0) {
    return invalid("The argument '" + std::to_string(*seconds) +
                   "' must be expiration time and greater or equial than 0");
  }
  return *seconds;
}

base::Checked<std::string> valid_kvmd_redirect(std::string_view raw, const std::vector<std::string>& allowed) {
  const std::string_view target = trim(raw);
  if (std::find(allowed.begin(), allowed.end(), target) != allowed.end()) return std::string(target);
  return invalid("The argument " + auth::python_repr(target) + " is not a valid login redirect");
}

}  // namespace backplane::login
