#include "base/utf8.hpp"

#include <simdjson.h>

#include <backplane/text.hpp>

namespace backplane::base {

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

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) sdk::take_character(text);
  return count;
}

bool is_printable_text(std::string_view text) {
  while (!text.empty()) {
    const auto point = sdk::take_character(text);
    if (!point || *point < 0x20 || (*point >= 0x7f && *point <= 0x9f)) return false;
  }
  return true;
}

std::string cut_text(std::string_view text, std::size_t bytes_max) {
  return std::string(sdk::beginning(text, bytes_max));
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max && valid_utf8(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::string_view before = text;
    const bool valid = sdk::take_character(text).has_value();
    const std::string_view character = valid ? before.substr(0, before.size() - text.size()) : "?";
    if (clean.size() + character.size() > bytes_max) break;
    clean += character;
  }
  return clean;
}

bool is_scope_name(std::string_view text) {
  bool word = false;
  for (const char c : text) {
    const bool in_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (c == '.' ? !word : !in_word) return false;
    word = c != '.';
  }
  return word;
}

}  // namespace backplane::base
