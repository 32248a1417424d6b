#include "auth/kvmd_validators.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <backplane/text.hpp>

#include "auth/user_changes.hpp"
#include "base/utf8.hpp"

namespace backplane::auth {
namespace {

// kvmd's raw limits, in characters (pikvm.md §2 "length").
constexpr std::size_t kUserCharactersMax = 128;
constexpr std::size_t kPasswordCharactersMax = 512;
constexpr std::size_t kTokenCharactersMax = 128;

base::Problem raw_limit() {
  return base::problem(base::Error::kInvalid, "RAW limit exceed");
}

// A text of few bytes has few characters: most values need no counting.
bool over(std::string_view text, std::size_t characters_max) {
  return text.size() > characters_max && base::count_characters(text) > characters_max;
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void append_character(std::string& out, std::string_view bytes, char32_t point, char quote) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point < 0x20 || (point >= 0x7f && point <= 0xa0) || point == 0xad) {
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(point));
  } else {
    if (point == '\\' || point == static_cast<char32_t>(quote)) out += '\\';
    out += bytes;
  }
}

}  // namespace

base::Checked<std::string> valid_kvmd_user(std::string_view raw) {
  if (over(raw, kUserCharactersMax)) return raw_limit();
  const std::string_view name = trim(raw);
  if (is_user_name(name)) return std::string(name);
  return base::problem(base::Error::kInvalid,
                       "The argument " + python_repr(name) + " is not a valid username characters");
}

base::Checked<base::Secret> valid_kvmd_password(std::string_view raw) {
  if (over(raw, kPasswordCharactersMax)) return raw_limit();
  if (base::is_printable_text(raw)) return base::Secret(raw);
  return base::problem(base::Error::kInvalid, "The argument is not a valid passwd characters");
}

base::Checked<std::string_view> valid_kvmd_token(std::string_view raw) {
  if (over(raw, kTokenCharactersMax)) return raw_limit();
  const std::string_view token = trim(raw);
  if (is_session_token(token)) return token;
  return base::problem(base::Error::kInvalid, "The argument is not a valid auth token");
}

bool is_session_token(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string python_repr(std::string_view text) {
  // Python prefers single quotes, unless that alone would need escaping.
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, quote);
  while (!text.empty()) {
    std::string_view rest = text;
    const auto point = sdk::take_character(rest);
    const std::string_view bytes = text.substr(0, text.size() - rest.size());
    if (point) {
      append_character(out, bytes, *point, quote);
    } else {
      out += fmt::format("\\udc{:02x}", static_cast<unsigned>(static_cast<unsigned char>(bytes.front())));
    }
    text = rest;
  }
  out += quote;
  return out;
}

}  // namespace backplane::auth
