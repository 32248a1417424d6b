#include "http/fields.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "http/characters.hpp"
#include "http/limits.hpp"

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

base::Checked<void> append_field(std::string name, std::string value, std::vector<exchange::Field>& fields) {
  if (fields.size() >= limits::kFieldsMax) {
    return base::problem(base::Error::kInvalid, fmt::format("There are more than {} fields", limits::kFieldsMax));
  }
  if (name.size() > limits::kFieldNameBytesMax) {
    return base::problem(base::Error::kInvalid,
                         fmt::format("The name of a field is longer than {} bytes", limits::kFieldNameBytesMax));
  }
  if (!base::valid_text(name) || !base::valid_text(value)) {
    return base::problem(base::Error::kInvalid, "A field is not UTF-8 text without NUL");
  }
  fields.push_back({std::move(name), std::move(value)});
  return {};
}

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
