#include "log-stream/formats/escape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Invisible or turning the direction of writing: Unicode's Default_Ignorable_Code_Point, the separators of lines, the
// marks of annotations and the braille blank. Joiners and variation selectors are among them although some scripts and
// emoji use them: two names in a log that look the same must be the same.
constexpr std::array<Range, 18> kDeceptive{{{0x00AD, 0x00AD},
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

bool is_deceptive(char32_t code) {
  if (code < 0xA0) return true;  // C1: this is asked about characters above ASCII only
  return std::any_of(kDeceptive.begin(), kDeceptive.end(),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

void append_hex(char32_t value, unsigned digits, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  while (digits-- > 0) out += kDigits[(value >> (4 * digits)) & 0xFU];
}

void append_byte(char byte, std::string& out) {
  out += "\\x";
  append_hex(static_cast<unsigned char>(byte), 2, out);
}

// One character that is not printable ASCII; returns the bytes that it took.
std::size_t append_unusual(std::string_view text, std::string& out) {
  const sdk::Character character = first_character(text);
  if (character.bytes <= 1) {
    append_byte(text.front(), out);
    return 1;
  }
  if (!is_deceptive(character.code)) {
    out += text.substr(0, character.bytes);
  } else if (character.code > 0xFFFF) {
    out += "\\U";
    append_hex(character.code, 8, out);
  } else {
    out += "\\u";
    append_hex(character.code, 4, out);
  }
  return character.bytes;
}

}  // namespace

void append_escaped(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t printable = printable_bytes(text);
    out += text.substr(0, printable);
    text.remove_prefix(printable);
    if (text.empty()) return;
    if (text.front() == '\t') {
      out += '\t';
      text.remove_prefix(1);
    } else {
      text.remove_prefix(append_unusual(text, out));
    }
  }
}

void append_escaped_word(std::string_view word, std::string& out) {
  const auto is_plain = [](char byte) { return byte > ' ' && byte <= '~' && byte != '[' && byte != ']'; };
  while (!word.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_plain) - word.begin());
    out += word.substr(0, plain);
    word.remove_prefix(plain);
    if (!word.empty()) {
      const bool ascii = static_cast<unsigned char>(word.front()) < 0x80;
      if (ascii) append_byte(word.front(), out);
      word.remove_prefix(ascii ? 1 : append_unusual(word, out));
    }
  }
}

std::string_view cut_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace backplane::log_stream
