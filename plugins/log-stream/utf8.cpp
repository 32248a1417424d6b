#include "log-stream/utf8.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace backplane::log_stream {
namespace {

constexpr std::uint64_t repeated(unsigned char byte) {
  return byte * std::uint64_t{0x0101010101010101};
}

// Which of eight bytes are zero, as their highest bits. The lowest one found is right, those above may not be.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - repeated(0x01)) & ~word & repeated(0x80);
}

std::uint64_t stoppers(const char* bytes, bool for_json) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t below_blank = (word - repeated(0x20)) & ~word & repeated(0x80);
  const std::uint64_t above_tilde = (word | (word + repeated(0x01))) & repeated(0x80);
  std::uint64_t found = below_blank | above_tilde;
  if (for_json) found |= zero_bytes(word ^ repeated('"')) | zero_bytes(word ^ repeated('\\'));
  return found;
}

bool stops(char byte, bool for_json) {
  return byte < ' ' || byte > '~' || (for_json && (byte == '"' || byte == '\\'));
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

bool is_nonchar_or_surrogate(char32_t code) {
  return (code >= 0xD800 && code <= 0xDFFF) || (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFEU) == 0xFFFE;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return {};
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || is_nonchar_or_surrogate(code)) return {};
  return {code, bytes};
}

std::size_t printable_bytes(std::string_view text, bool for_json) {
  std::size_t done = 0;
  while (done + sizeof(std::uint64_t) <= text.size()) {
    const std::uint64_t found = stoppers(text.data() + done, for_json);
    if (found != 0) {
      // Only on a little-endian machine does the lowest bit belong to the first byte.
      if constexpr (std::endian::native == std::endian::little) {
        return done + static_cast<std::size_t>(std::countr_zero(found)) / 8;
      }
      break;
    }
    done += sizeof(std::uint64_t);
  }
  while (done < text.size() && !stops(text[done], for_json)) ++done;
  return done;
}

std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  constexpr std::size_t kFollowingBytesMax = 3;  // of one character
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && bytes_max - end < kFollowingBytesMax && is_continuation(text[end])) --end;
  return text.substr(0, end);
}

bool is_text(std::string_view value, bool allow_line_feed) {
  while (true) {
    value.remove_prefix(printable_bytes(value));
    if (value.empty()) return true;
    const Character character = first_character(value);
    if (character.bytes == 0 || (character.code >= 0x7F && character.code < 0xA0)) return false;
    const bool allowed = character.code == '\t' || (character.code == '\n' && allow_line_feed);
    if (character.code < ' ' && !allowed) return false;
    value.remove_prefix(character.bytes);
  }
}

}  // namespace backplane::log_stream
