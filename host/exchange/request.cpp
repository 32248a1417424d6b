#include "exchange/request.hpp"

#include <backplane/text.hpp>
#include <utility>

namespace backplane::exchange {
bool same_name(std::string_view a, std::string_view b) {
  return sdk::equal_ignoring_case(a, b);
}

void Request::reset() {
  Request empty;
  empty.head = std::move(head);
  empty.headers = std::move(headers);
  empty.path = std::move(path);
  empty.head.clear();
  empty.headers.clear();
  empty.path.clear();
  *this = std::move(empty);
}

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (same_name(header.name, name)) return header.value;
  }
  return {};
}

bool Request::has_header(std::string_view name) const {
  for (const Header& header : headers) {
    if (same_name(header.name, name)) return true;
  }
  return false;
}

std::string_view Request::cookie(std::string_view name) const {
  for (const Header& header : headers) {
    if (!same_name(header.name, "Cookie")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t semicolon = rest.find(';');
      const std::string_view pair = sdk::trim(rest.substr(0, semicolon), " ");
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
      if (semicolon == std::string_view::npos) break;
      rest.remove_prefix(semicolon + 1);
    }
  }
  return {};
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace backplane::exchange
