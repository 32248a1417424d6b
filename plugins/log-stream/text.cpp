#include "log-stream/text.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "log-stream/limits.hpp"

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

bool is_noncharacter(char32_t code) {
  return (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFEU) == 0xFFFE;
}

}  // namespace

sdk::Character first_character(std::string_view text) {
  const sdk::Character first = sdk::first_character(text);
  return is_noncharacter(first.code) ? sdk::Character{} : first;
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

bool is_text(std::string_view value, bool allow_line_feed) {
  while (true) {
    value.remove_prefix(printable_bytes(value));
    if (value.empty()) return true;
    const sdk::Character character = first_character(value);
    if (character.bytes == 0 || (character.code >= 0x7F && character.code < 0xA0)) return false;
    const bool allowed = character.code == '\t' || (character.code == '\n' && allow_line_feed);
    if (character.code < ' ' && !allowed) return false;
    value.remove_prefix(character.bytes);
  }
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text.substr(0, kQuotedBytesMax)) result += c >= ' ' && c <= '~' ? c : '?';
  return result + (text.size() > kQuotedBytesMax ? "…\"" : "\"");
}

}  // namespace backplane::log_stream
