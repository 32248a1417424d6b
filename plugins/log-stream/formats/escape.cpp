#include "log-stream/formats/escape.hpp"

#include <algorithm>
#include <backplane/text.hpp>
#include <cstddef>

#include "log-stream/text.hpp"

namespace backplane::log_stream {
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
      sdk::append_escaped_character(text, out);
    }
  }
}

void append_escaped_word(std::string_view word, std::string& out) {
  const auto is_plain = [](char byte) { return byte > ' ' && byte <= '~' && byte != '[' && byte != ']'; };
  while (!word.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_plain) - word.begin());
    out += word.substr(0, plain);
    word.remove_prefix(plain);
    if (word.empty()) return;
    if (static_cast<unsigned char>(word.front()) < 0x80) {
      sdk::append_escaped_byte(word.front(), out);
      word.remove_prefix(1);
    } else {
      sdk::append_escaped_character(word, out);
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
