#include "ctl/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <cstdio>
#include <string_view>

#include "base/utf8.hpp"

namespace backplane::ctl {
namespace {

bool steers(char32_t point) {
  const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
  const bool direction = point == 0x61c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
                         (point >= 0x2066 && point <= 0x2069);
  return control || direction || point == 0x2028 || point == 0x2029;
}

constexpr std::size_t kGap = 2;
constexpr std::size_t kWrappedWidthMin = 24;  // narrower is harder to read than a line that the terminal breaks

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::count_characters(row[i]));
  }
  return widths;
}

// The words of the text on lines of at most `width` characters; a longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (lines.back().empty()) {
      lines.back() = word;
    } else if (base::count_characters(lines.back()) + 1 + base::count_characters(word) <= width) {
      lines.back().append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

void append_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view rest = text;
    const auto point = sdk::take_character(text);
    if (point == U'\n' || point == U'\r' || point == U'\t') {
      shown += ' ';
    } else if (!point || steers(*point)) {
      shown += '?';
    } else {
      shown += rest.substr(0, rest.size() - text.size());
    }
  }
  return shown;
}

std::string columns(const std::vector<Row>& rows, const Layout& layout) {
  std::vector<Row> cells = rows;
  for (Row& row : cells) {
    for (std::string& cell : row) cell = printable(cell);
  }
  const std::vector<std::size_t> widths = widths_of(cells);
  std::string text;
  for (const Row& row : cells) {
    std::string line(layout.indent, ' ');
    std::size_t used = layout.indent;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - base::count_characters(row[i]) + kGap, ' ');
      used += widths[i] + kGap;
    }
    if (layout.width == 0) {
      append_line(text, line + row.back());
      continue;
    }
    const std::size_t room = std::max(layout.width, used + kWrappedWidthMin) - used;
    for (const std::string& part : wrapped(row.back(), room)) {
      append_line(text, line + part);
      line.assign(used, ' ');
    }
  }
  return text;
}

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int report(const base::Checked<void>& done) {
  if (done) return 0;
  fmt::print(stderr, "backplanectl: {}\n", printable(done.error().message()));
  return kFailed;
}

}  // namespace backplane::ctl
