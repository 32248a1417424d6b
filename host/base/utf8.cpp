#include "base/utf8.hpp"

#include <simdjson.h>

namespace backplane::base {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

bool valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

bool valid_text(std::string_view text) {
  unsigned char all = 0;
  bool nul = false;
  for (const char c : text) {
    all |= static_cast<unsigned char>(c);
    nul |= c == '\0';
  }
  return !nul && (all < 0x80 || valid_utf8(text));
}

std::optional<char32_t> take_character(std::string_view& text) {
  const unsigned char first = byte_at(text, 0);
  std::size_t length = 1;
  char32_t point = first;
  char32_t least = 0;
  if (first >= 0x80) {
    if ((first & 0xe0) == 0xc0) {
      length = 2, point = first & 0x1f, least = 0x80;
    } else if ((first & 0xf0) == 0xe0) {
      length = 3, point = first & 0x0f, least = 0x800;
    } else if ((first & 0xf8) == 0xf0) {
      length = 4, point = first & 0x07, least = 0x10000;
    } else {
      length = 0;
    }
  }
  bool valid = length != 0 && length <= text.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte_at(text, i) & 0xc0) == 0x80;
    point = point << 6 | (byte_at(text, i) & 0x3f);
  }
  valid = valid && point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  text.remove_prefix(valid ? length : 1);
  if (!valid) return std::nullopt;
  return point;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) take_character(text);
  return count;
}

bool is_printable_text(std::string_view text) {
  while (!text.empty()) {
    const auto point = take_character(text);
    if (!point || *point < 0x20 || (*point >= 0x7f && *point <= 0x9f)) return false;
  }
  return true;
}

std::string cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    std::size_t end = bytes_max;
    while (end > 0 && (byte_at(text, end) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  return std::string(text);
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max && valid_utf8(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::string_view before = text;
    const bool valid = take_character(text).has_value();
    const std::string_view character = valid ? before.substr(0, before.size() - text.size()) : "?";
    if (clean.size() + character.size() > bytes_max) break;
    clean += character;
  }
  return clean;
}

}  // namespace backplane::base
