// Text that came from outside: blanks, UTF-8, what deceives the eye, hex, and the name that was meant. Nothing here
// allocates but what returns a string. Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backplane::sdk {

inline constexpr std::string_view kBlanks = " \t";              // HTTP's, RFC 9110 §5.6.3
inline constexpr std::string_view kWhiteSpace = " \t\n\r\v\f";  // of lines and files

// The text without these characters at its beginning and end.
constexpr std::string_view trim(std::string_view text, std::string_view characters = kBlanks) {
  const std::size_t begin = text.find_first_not_of(characters);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(characters) + 1 - begin);
}

// What stands before the separator, trimmed of blanks. It is taken off `rest` together with the separator.
constexpr std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(part);
}

constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// ASCII only, as header names are compared (RFC 9110 §5.1).
constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower_case(a) == lower_case(b); });
}

// --- UTF-8, read strictly (RFC 3629): overlong forms and surrogates are invalid ---

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: what stands there is not UTF-8
};

// The first character of a text that is not empty.
constexpr Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes};
}

// Takes the first character off a text that is not empty. Nothing, and one byte taken, if that byte begins none.
constexpr std::optional<char32_t> take_character(std::string_view& text) {
  const Character first = first_character(text);
  text.remove_prefix(std::max<std::size_t>(first.bytes, 1));
  if (first.bytes == 0) return std::nullopt;
  return first.code;
}

constexpr bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (!take_character(text)) return false;
  }
  return true;
}

inline void append_character(std::string& out, char32_t code) {
  const auto follow = [&](int shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    follow(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    follow(6);
    follow(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    follow(12);
    follow(6);
    follow(0);
  }
}

// The text with U+FFFD in place of each byte that is not UTF-8.
inline std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_character(out, take_character(text).value_or(kReplacementCharacter));
  return out;
}

// At most so many bytes of the beginning, not cut within a character.
constexpr std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  constexpr std::size_t kFollowingBytesMax = 3;  // of one character
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  const auto follows = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80; };
  while (end > 0 && bytes_max - end < kFollowingBytesMax && follows()) --end;
  return text.substr(0, end);
}

// --- What a terminal or a browser would not show as it is ---

namespace detail {

struct CharacterRange {
  char32_t first;
  char32_t last;
};

// Invisible or turning the direction of writing: Unicode's Default_Ignorable_Code_Point, the separators of lines, the
// marks of annotations and the braille blank. Joiners and variation selectors are among them although some scripts and
// emoji use them: two names in a log that look the same must be the same.
inline constexpr std::array<CharacterRange, 18> kDeceptive{{{0x00AD, 0x00AD},
                                                            {0x034F, 0x034F},
                                                            {0x061C, 0x061C},
                                                            {0x115F, 0x1160},
                                                            {0x17B4, 0x17B5},
                                                            {0x180B, 0x180F},
                                                            {0x200B, 0x200F},
                                                            {0x2028, 0x202E},
                                                            {0x2060, 0x206F},
                                                            {0x2800, 0x2800},
                                                            {0x3164, 0x3164},
                                                            {0xFE00, 0xFE0F},
                                                            {0xFEFF, 0xFEFF},
                                                            {0xFFA0, 0xFFA0},
                                                            {0xFFF0, 0xFFFB},
                                                            {0x1BCA0, 0x1BCA3},
                                                            {0x1D173, 0x1D17A},
                                                            {0xE0000, 0xE0FFF}}};

inline void append_hex(char32_t value, unsigned digits, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  while (digits-- > 0) out += kDigits[(value >> (4 * digits)) & 0xFU];
}

}  // namespace detail

// A control character (U+0000 to U+001F, U+007F to U+009F), or one that is invisible or turns the direction of writing.
constexpr bool is_deceptive(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  return std::any_of(detail::kDeceptive.begin(), detail::kDeceptive.end(),
                     [code](const detail::CharacterRange& range) { return code >= range.first && code <= range.last; });
}

// \x1b
inline void append_escaped_byte(char byte, std::string& out) {
  out += "\\x";
  detail::append_hex(static_cast<unsigned char>(byte), 2, out);
}

// Takes the first character off a text that is not empty and appends it as anybody may be shown it: deceptive ones
// become \x1b, \u202e or (above U+FFFF) \U000e0041, and a byte that is no UTF-8 \xff. All others stay, also
// backslashes: a text that only looks escaped does no harm.
inline void append_escaped_character(std::string_view& text, std::string& out) {
  const Character character = first_character(text);
  const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.bytes, 1));
  text.remove_prefix(bytes.size());
  if (character.bytes != 0 && !is_deceptive(character.code)) {
    out += bytes;
  } else if (bytes.size() == 1) {
    append_escaped_byte(bytes.front(), out);
  } else if (character.code > 0xFFFF) {
    out += "\\U";
    detail::append_hex(character.code, 8, out);
  } else {
    out += "\\u";
    detail::append_hex(character.code, 4, out);
  }
}

// --- Hex, lower-case and strict: one text for one value ---

inline std::string encode_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

// Writes text.size() / 2 bytes to `bytes`. False if a digit is no lower-case hex digit, or their number is odd.
constexpr bool decode_hex(std::string_view text, char* bytes) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (text.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < text.size() / 2; ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return true;
}

// --- Names that somebody mistyped ---

inline constexpr std::size_t kMistypedBytesMax = 64;  // a longer word is no misspelt name, and comparing it costs time

namespace detail {

// Optimal string alignment, in any case: a swap of two neighbours is one mistake, as it is for a typing hand.
inline std::size_t mistakes_between(std::string_view a, std::string_view b) {
  const auto same = [&](std::size_t i, std::size_t j) { return lower_case(a[i]) == lower_case(b[j]); };
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i - 1, j - 1) ? 0U : 1U)});
      if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1)) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace detail

// The known name that differs least from what was written: in a third of its letters at most, and in one at least. Of
// two that differ alike, the one that begins alike for longer. Empty if none is near. `known` holds views of texts.
template <class Names>
std::string_view nearest_name(std::string_view written, const Names& known) {
  if (written.empty() || written.size() > kMistypedBytesMax) return {};
  std::string_view best;
  std::size_t best_mistakes = std::max<std::size_t>(1, written.size() / 3) + 1;
  std::size_t best_prefix = 0;
  for (const std::string_view name : known) {
    const std::size_t mistakes = detail::mistakes_between(written, name);
    if (mistakes >= name.size()) continue;  // changing every letter makes any name of any other
    const auto differ = std::mismatch(written.begin(), written.end(), name.begin(), name.end());
    const auto prefix = static_cast<std::size_t>(differ.first - written.begin());
    if (mistakes < best_mistakes || (mistakes == best_mistakes && !best.empty() && prefix > best_prefix)) {
      best = name;
      best_mistakes = mistakes;
      best_prefix = prefix;
    }
  }
  return best;
}

// `; did you mean "port"?`, or nothing if no known name is near.
template <class Names>
std::string did_you_mean(std::string_view written, const Names& known) {
  const std::string_view name = nearest_name(written, known);
  return name.empty() ? std::string() : "; did you mean \"" + std::string(name) + "\"?";
}

}  // namespace backplane::sdk
