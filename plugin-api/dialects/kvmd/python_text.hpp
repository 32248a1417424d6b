// Texts as Python 3 treats and prints them, for the messages of kvmd's validators.
#pragma once

#include <algorithm>
#include <array>
#include <backplane/text.hpp>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace backplane::dialects::kvmd {

namespace detail {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
inline bool is_within(char32_t point, const std::array<Range, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [point](Range r) { return point >= r.first && point <= r.last; });
}

inline bool is_white_space(char32_t point) {
  static constexpr std::array<Range, 10> kWhiteSpace{{{0x09, 0x0D},
                                                      {0x1C, 0x20},
                                                      {0x85, 0x85},
                                                      {0xA0, 0xA0},
                                                      {0x1680, 0x1680},
                                                      {0x2000, 0x200A},
                                                      {0x2028, 0x2029},
                                                      {0x202F, 0x202F},
                                                      {0x205F, 0x205F},
                                                      {0x3000, 0x3000}}};
  return is_within(point, kWhiteSpace);
}

// Controls, format characters, separators, surrogates and private use. Unassigned points are taken as printable.
inline bool is_printable(char32_t point) {
  static constexpr std::array<Range, 18> kHidden{{{0x00, 0x1F},
                                                  {0x7F, 0xA0},
                                                  {0xAD, 0xAD},
                                                  {0x600, 0x605},
                                                  {0x61C, 0x61C},
                                                  {0x6DD, 0x6DD},
                                                  {0x70F, 0x70F},
                                                  {0x1680, 0x1680},
                                                  {0x180E, 0x180E},
                                                  {0x2000, 0x200F},
                                                  {0x2028, 0x202F},
                                                  {0x205F, 0x206F},
                                                  {0x3000, 0x3000},
                                                  {0xD800, 0xF8FF},
                                                  {0xFEFF, 0xFEFF},
                                                  {0xFFF0, 0xFFFB},
                                                  {0xFFFE, 0xFFFF},
                                                  {0xE0000, 0x10FFFF}}};
  return !is_within(point, kHidden);
}

inline void append_number(std::string& out, char32_t point) {
  std::array<char, 16> digits{};
  const char* format = point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x";
  std::snprintf(digits.data(), digits.size(), format, static_cast<unsigned>(point));
  out += digits.data();
}

}  // namespace detail

// len(): code points; a byte that is no UTF-8 counts as one.
inline std::size_t python_length(std::string_view text) {
  std::size_t length = 0;
  for (; !text.empty(); ++length) sdk::take_character(text);
  return length;
}

// str.strip(): without Unicode white space at either end.
inline std::string_view python_stripped(std::string_view text) {
  std::size_t first = text.size();
  std::size_t end = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t start = text.size() - rest.size();
    const auto point = sdk::take_character(rest);
    if (point && detail::is_white_space(*point)) continue;
    first = std::min(first, start);
    end = text.size() - rest.size();
  }
  return first >= end ? std::string_view() : text.substr(first, end - first);
}

// repr(): quotes, escapes, and \x, \u or \U for what cannot be printed. A byte that is no UTF-8 is \udc80 to \udcff:
// kvmd gets it from a header, where aiohttp decodes with "surrogateescape". No other way lets such a byte through.
inline std::string python_repr(std::string_view text) {
  const bool double_quoted = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = double_quoted ? '"' : '\'';
  std::string out(1, quote);
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const char32_t point = sdk::take_character(text).value_or(0xDC00U + byte);
    if (point == '\\' || point == static_cast<char32_t>(quote)) {
      out += '\\';
      out += static_cast<char>(point);
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\r') {
      out += "\\r";
    } else if (point == '\t') {
      out += "\\t";
    } else if (!detail::is_printable(point)) {
      detail::append_number(out, point);
    } else if (point < 0x80) {
      out += static_cast<char>(point);
    } else {
      sdk::append_character(out, point);
    }
  }
  out += quote;
  return out;
}

}  // namespace backplane::dialects::kvmd
