// Parameters of a request, a query's or a form's: read strictly, so that a mistyped value is told to the client and not
// guessed. Each reads one text. Nothing comes back if it is none of what is allowed. Any thread.
#pragma once

#include <backplane/fields.hpp>
#include <backplane/text.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace backplane::sdk {

// A whole decimal number from `least` to `most`, and nothing beside it.
inline std::optional<std::int64_t> parse_int(std::string_view text,
                                             std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                                             std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

template <class T>
struct Choice {
  std::string_view name;
  T value;
};

// The value of that name, in any case.
template <class T, std::size_t kCount>
std::optional<T> parse_choice(std::string_view text, const Choice<T> (&choices)[kCount]) {
  for (const Choice<T>& choice : choices) {
    if (equal_ignoring_case(choice.name, text)) return choice.value;
  }
  return std::nullopt;
}

// On or off, as systemd reads them; a parameter without a value is on.
inline std::optional<bool> parse_bool(std::string_view text) {
  static constexpr Choice<bool> kWords[] = {
      {"", true},   {"1", true},   {"yes", true}, {"y", true},      {"true", true}, {"t", true},   {"on", true},
      {"0", false}, {"no", false}, {"n", false},  {"false", false}, {"f", false},   {"off", false}};
  return parse_choice(text, kWords);
}

// The trimmed parts between separators; an empty text has none. Nothing if there are more than `items_max`.
inline std::optional<std::vector<std::string_view>> parse_list(std::string_view text, std::size_t items_max,
                                                               char separator = ',') {
  std::vector<std::string_view> items;
  if (trim(text).empty()) return items;
  for (bool more = true; more;) {
    if (items.size() == items_max) return std::nullopt;
    more = text.find(separator) != std::string_view::npos;
    items.push_back(take_part(text, separator));
  }
  return items;
}

// The first name among `given` that `known` does not hold.
inline std::optional<std::string_view> unknown_name(const Fields& given, std::span<const std::string_view> known) {
  for (const Field field : given) {
    if (std::find(known.begin(), known.end(), field.name) == known.end()) return field.name;
  }
  return std::nullopt;
}

}  // namespace backplane::sdk
