#include "http/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/characters.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

using Kind = PatternPart::Kind;

bool valid_name(std::string_view name) {
  return !name.empty() && !is_character(name.front(), kDigitCharacter) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_character(c, kHostCharacter) && c != '-' && c != '.' && c != '~'; });
}

bool valid_literal(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && all_characters(text, kTargetCharacter) &&
         text.find_first_of("{}%?") == std::string_view::npos;
}

bool parse_part(std::string_view text, PatternPart& part) {
  constexpr std::string_view kDots = "...";
  if (!text.starts_with('{')) {
    part = {Kind::kLiteral, std::string(text)};
    return valid_literal(text);
  }
  if (!text.ends_with('}')) return false;
  text = text.substr(1, text.size() - 2);
  part.kind = text.ends_with(kDots) ? Kind::kTail : Kind::kParameter;
  if (part.kind == Kind::kTail) text.remove_suffix(kDots.size());
  part.text = text;
  return valid_name(text);
}

bool named_before(const Pattern& pattern, const PatternPart& part) {
  return part.kind != Kind::kLiteral && std::any_of(pattern.begin(), pattern.end(), [&part](const PatternPart& other) {
           return other.kind != Kind::kLiteral && other.text == part.text;
         });
}

}  // namespace

base::Checked<Pattern> parse_pattern(std::string_view text) {
  const auto wrong = [text](std::string_view why) {
    return base::problem(base::Error::kInvalid, fmt::format("The pattern '{}' {}", text, why));
  };
  if (!text.starts_with('/')) return wrong("does not start with '/'");
  Pattern pattern;
  if (text == "/") return pattern;
  std::string_view rest = text;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find('/'));
    rest.remove_prefix(word.size());
    PatternPart part;
    if (word.empty()) return wrong("has an empty part, or ends with '/'");
    if (!parse_part(word, part)) return wrong(fmt::format("has a part '{}' that is not valid", word));
    if (named_before(pattern, part)) return wrong(fmt::format("names the parameter '{}' twice", part.text));
    if (part.kind == Kind::kTail && !rest.empty()) return wrong("goes on behind its tail");
    if (pattern.size() == limits::kPatternPartsMax) return wrong("has too many parts");
    pattern.push_back(std::move(part));
  }
  return pattern;
}

bool same_shape(const Pattern& a, const Pattern& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PatternPart& x, const PatternPart& y) {
    return x.kind == y.kind && (x.kind != Kind::kLiteral || x.text == y.text);
  });
}

bool overlap(const Pattern& a, const Pattern& b) {
  for (std::size_t i = 0;; ++i) {
    const bool a_tail = i < a.size() && a[i].kind == Kind::kTail;
    const bool b_tail = i < b.size() && b[i].kind == Kind::kTail;
    if (a_tail || b_tail) return true;  // a tail takes any number of parts, none as well
    if (i == a.size() || i == b.size()) return a.size() == b.size();
    if (a[i].kind == Kind::kLiteral && b[i].kind == Kind::kLiteral && a[i].text != b[i].text) return false;
  }
}

}  // namespace backplane::http
