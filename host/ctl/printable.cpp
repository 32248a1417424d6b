#include "ctl/printable.hpp"

#include <backplane/text.hpp>

#include "base/utf8.hpp"

namespace backplane::ctl {
namespace {

bool steers(char32_t point) {
  const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
  const bool direction = point == 0x61c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
                         (point >= 0x2066 && point <= 0x2069);
  return control || direction || point == 0x2028 || point == 0x2029;
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

}  // namespace backplane::ctl
