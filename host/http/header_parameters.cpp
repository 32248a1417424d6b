#include "http/header_parameters.hpp"

#include <backplane/text.hpp>
#include <utility>

#include "exchange/request.hpp"
#include "http/characters.hpp"

namespace backplane::http {
namespace {

// Takes a quoted string off the front of `rest`; false where it does not end.
bool take_quoted(std::string_view& rest, std::string& out) {
  rest.remove_prefix(1);
  while (!rest.empty()) {
    char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return true;
    if (c == '\\' && !rest.empty() && (rest.front() == '"' || rest.front() == '\\')) {
      c = rest.front();
      rest.remove_prefix(1);
    }
    out += c;
  }
  return false;
}

// Takes `name=value` off the front of `rest` up to the next ';'; false where it is malformed.
bool take_parameter(std::string_view& rest, std::string_view& name, std::string& value) {
  const std::size_t equals = rest.find_first_of("=;");
  if (equals == std::string_view::npos || rest[equals] == ';') return false;
  name = sdk::trim(rest.substr(0, equals));
  if (name.empty() || !all_characters(name, kTokenCharacter)) return false;
  rest.remove_prefix(equals + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  value.clear();
  if (!rest.empty() && rest.front() == '"') {
    if (!take_quoted(rest, value)) return false;
  } else {
    const std::string_view token = sdk::trim(rest.substr(0, rest.find(';')));
    rest.remove_prefix(rest.find(';') == std::string_view::npos ? rest.size() : rest.find(';'));
    value = token;
  }
  rest = sdk::trim(rest);
  if (!rest.empty() && rest.front() != ';') return false;
  return true;
}

}  // namespace

std::string_view header_word(std::string_view value) {
  return sdk::trim(value.substr(0, value.find(';')));
}

std::optional<std::string> header_parameter(std::string_view value, std::string_view wanted) {
  const std::size_t semicolon = value.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  std::string_view rest = value.substr(semicolon);
  std::optional<std::string> found;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // ';'
    rest = sdk::trim(rest);
    if (rest.empty() || rest.front() == ';') continue;
    std::string_view name;
    std::string text;
    if (!take_parameter(rest, name, text)) return std::nullopt;
    if (!exchange::same_name(name, wanted)) continue;
    if (found) return std::nullopt;
    found = std::move(text);
  }
  return found;
}

}  // namespace backplane::http
