// The pieces that the values of HTTP's headers are made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace backplane::log_stream {

// Without the blanks and tabs around it (RFC 9110 §5.6.3).
inline std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// What stands before the separator, which is taken off `rest` with it.
inline std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return without_blanks(part);
}

}  // namespace backplane::log_stream
