// Which bytes may stand where in HTTP/1.1 (RFC 9110 §5.6.2, RFC 9112 §3), as one table lookup a byte.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace backplane::http {

enum CharacterClass : std::uint8_t {
  kTokenCharacter = 1,   // method and header names
  kTargetCharacter = 2,  // visible ASCII without '#': a fragment never reaches a server
  kValueCharacter = 4,   // header values: no control character but HTAB
  kHostCharacter = 8,    // names and IPv4 addresses; stricter than RFC 3986 (no '%', no sub-delims)
  kHexCharacter = 16,
  kBase64Character = 32,  // without '='
  kDigitCharacter = 64,
};

namespace detail {

constexpr std::uint8_t classes_of(int byte) {
  const bool digit = byte >= '0' && byte <= '9';
  const bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  const bool visible = byte >= 0x21 && byte <= 0x7e;
  const auto one_of = [byte](std::string_view set) {
    return byte < 0x80 && set.find(static_cast<char>(byte)) != std::string_view::npos;
  };
  int classes = 0;
  if (digit || letter || one_of("!#$%&'*+-.^_`|~")) classes |= kTokenCharacter;
  if (visible && byte != '#') classes |= kTargetCharacter;
  if (visible || byte == ' ' || byte == '\t' || byte >= 0x80) classes |= kValueCharacter;
  if (digit || letter || one_of("-._~")) classes |= kHostCharacter;
  if (digit || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f')) classes |= kHexCharacter;
  if (digit || letter || one_of("+/")) classes |= kBase64Character;
  if (digit) classes |= kDigitCharacter;
  return static_cast<std::uint8_t>(classes);
}

constexpr std::array<std::uint8_t, 256> make_character_table() {
  std::array<std::uint8_t, 256> table{};
  for (int byte = 0; byte < 256; ++byte) table[static_cast<std::size_t>(byte)] = classes_of(byte);
  return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterTable = make_character_table();

}  // namespace detail

constexpr bool is_character(char c, CharacterClass wanted) {
  return (detail::kCharacterTable[static_cast<unsigned char>(c)] & wanted) != 0;
}

// Whether every character is of that class; true for an empty text.
constexpr bool all_characters(std::string_view text, CharacterClass wanted) {
  for (const char c : text) {
    if (!is_character(c, wanted)) return false;
  }
  return true;
}

// 0 to 15, or -1 where the character is no hexadecimal digit.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace backplane::http
