#include "http/urlencoded.hpp"

#include <string>
#include <utility>

#include "http/characters.hpp"
#include "http/field_rules.hpp"

namespace backplane::http {
namespace {

std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        c = static_cast<char>(high * 16 + low);
        i += 2;
      }
    }
    out += c;
  }
  return out;
}

}  // namespace

base::Checked<void> read_urlencoded(std::string_view text, std::vector<exchange::Field>& fields) {
  while (!text.empty()) {
    const std::size_t ampersand = text.find('&');
    const std::string_view pair = text.substr(0, ampersand);
    text.remove_prefix(ampersand == std::string_view::npos ? text.size() : ampersand + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::string value = equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1));
    const auto appended = append_field(decode(pair.substr(0, equals)), std::move(value), fields);
    if (!appended) return appended.error();
  }
  return {};
}

}  // namespace backplane::http
