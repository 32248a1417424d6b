#include "http/part_head.hpp"

#include <backplane/text.hpp>

#include "http/characters.hpp"
#include "http/limits.hpp"

namespace backplane::http {

base::Checked<void> read_part_headers(std::string_view text, std::vector<exchange::Header>& headers) {
  headers.clear();
  while (true) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return base::problem(base::Error::kInvalid, "The headers of a part do not end");
    const std::string_view line = text.substr(0, end);
    if (line.empty()) return {};
    text.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return base::problem(base::Error::kInvalid, "A header of a part has no colon");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (name.empty() || !all_characters(name, kTokenCharacter) || !all_characters(value, kValueCharacter)) {
      return base::problem(base::Error::kInvalid, "A header of a part holds a character that is not allowed");
    }
    if (headers.size() == limits::kPartHeadersMax)
      return base::problem(base::Error::kInvalid, "A part has too many headers");
    headers.push_back({name, sdk::trim(value)});
  }
}

}  // namespace backplane::http
