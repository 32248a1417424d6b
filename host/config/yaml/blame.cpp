#include "config/yaml/blame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace backplane::config {
namespace {

struct Opened {
  char sign = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Line {
  std::uint32_t number = 0;
  std::uint32_t indent = 0;
  bool blank = false;                // nothing but blanks or a comment
  bool tab = false;                  // a tab in the indentation
  bool colon = false;                // a key stands in it
  bool item = false;                 // a list item begins with it
  bool in_flow = false;              // begins inside brackets
  std::optional<Opened> open_quote;  // a quote that this line opens and does not close
  std::vector<Opened> open_before;   // brackets open where the line begins
};

// Reads the text line by line with just enough YAML to know brackets, quotes and comments. A quote is taken to end
// with its line: quoted texts over several lines are rare, forgotten quotes are not.
class LineScanner {
 public:
  // What is open behind the last line that was scanned.
  const std::vector<Opened>& open() const { return open_; }

  std::vector<Line> scan(std::string_view text, std::uint32_t last_line) {
    std::vector<Line> lines;
    for (std::uint32_t number = 1; number <= last_line && !text.empty(); ++number) {
      const auto end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      lines.push_back(scan_line(line, number));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
  }

 private:
  Line scan_line(std::string_view text, std::uint32_t number) {
    Line line;
    line.number = number;
    line.in_flow = !open_.empty();
    line.open_before = open_;
    std::size_t at = std::min(text.find_first_not_of(" \t"), text.size());
    line.tab = text.substr(0, at).find('\t') != std::string_view::npos;
    line.indent = static_cast<std::uint32_t>(at);
    line.blank = at == text.size() || text[at] == '#';
    bool token_start = true;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      const bool after_blank = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t';
      const bool before_blank = at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t';
      if (c == '#' && after_blank) break;
      if ((c == '"' || c == '\'') && token_start) {
        const std::size_t close = closing_quote(text, at);
        if (close == std::string_view::npos) {
          line.open_quote = Opened{c, number, static_cast<std::uint32_t>(at + 1)};
          break;
        }
        at = close;
        token_start = false;
      } else {
        line.colon = line.colon || (c == ':' && before_blank);
        line.item = line.item || (c == '-' && token_start && before_blank);
        bracket(c, token_start, number, at);
        const bool opens = c == '{' || c == '[' || c == ',' || ((c == ':' || c == '-') && before_blank);
        token_start = opens || (token_start && (c == ' ' || c == '\t'));
      }
    }
    return line;
  }

  static std::size_t closing_quote(std::string_view text, std::size_t open) {
    for (std::size_t at = open + 1; at < text.size(); ++at) {
      if (text[open] == '"' && text[at] == '\\') {
        ++at;
      } else if (text[at] == text[open]) {
        return at;
      }
    }
    return std::string_view::npos;
  }

  void bracket(char c, bool token_start, std::uint32_t number, std::size_t at) {
    if ((c == '{' || c == '[') && (token_start || !open_.empty())) {
      open_.push_back({c, number, static_cast<std::uint32_t>(at + 1)});
    } else if ((c == '}' || c == ']') && !open_.empty()) {
      open_.pop_back();
    }
  }

  std::vector<Opened> open_;
};

Place at_line(const Place& like, std::uint32_t line, std::uint32_t column) {
  return {like.file, line, column};
}

std::string in_words(std::string_view message) {
  if (message.find("unknown escape") != std::string_view::npos) return "unknown escape in double quotes; use \\\\";
  return fmt::format("not valid YAML: {}", message);
}

// Without its colon a key runs into the next line, where the parser stumbles: the line looked for is the noticed one
// or the last one above it. A list item needs no key, unless keys follow below it.
const Line* line_without_colon(const std::vector<Line>& lines, std::uint32_t noticed) {
  std::uint32_t indent_below = 0;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->blank) continue;
    if (!line->colon && !line->in_flow && (!line->item || indent_below > line->indent)) return &*line;
    if (line->number < noticed) return nullptr;
    indent_below = line->indent;
  }
  return nullptr;
}

}  // namespace

Blame blame_line(std::string_view text, std::string_view message, const Place& noticed) {
  LineScanner scanner;
  const std::vector<Line> lines = scanner.scan(text, std::max<std::uint32_t>(noticed.line, 1));
  for (const Line& line : lines) {
    if (line.tab && !line.blank) {
      return {at_line(noticed, line.number, 1), "a tab in the indentation; YAML wants blanks"};
    }
    if (line.open_quote) {
      return {at_line(noticed, line.number, line.open_quote->column),
              fmt::format("the quote {} is not closed in this line", line.open_quote->sign)};
    }
  }
  // A bracket was forgotten where a later line steps back to the indentation of the line that opened it.
  for (const Line& line : lines) {
    if (line.blank || !line.in_flow) continue;
    const Opened& opened = line.open_before.front();
    if (line.indent <= lines[opened.line - 1].indent) {
      return {at_line(noticed, opened.line, opened.column), fmt::format("the {} is not closed", opened.sign)};
    }
  }
  if (lines.size() < noticed.line && !scanner.open().empty()) {  // noticed at the end of the file
    const Opened& opened = scanner.open().front();
    return {at_line(noticed, opened.line, opened.column), fmt::format("the {} is not closed", opened.sign)};
  }
  if (const Line* line = line_without_colon(lines, noticed.line)) {
    return {at_line(noticed, line->number, line->indent + 1), "a colon and a blank are missing after the key"};
  }
  return {noticed, in_words(message)};
}

}  // namespace backplane::config
