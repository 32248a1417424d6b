#include "link/wire/reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace backplane::link {

std::string_view Reader::take(std::size_t bytes, const char* part) {
  if (!good()) return {};
  if (bytes > rest_.size()) {
    refuse(fmt::format("ends within its {}", part));
    return {};
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::uint8_t Reader::small(const char* part, std::uint8_t last) {
  const auto value = take_number<std::uint8_t>(part);
  if (value <= last) return value;
  refuse(fmt::format("has {} for its {}, where 0 to {} is known", value, part, last));
  return 0;
}

std::size_t Reader::count(const char* part, std::size_t item_bytes_min, std::size_t items_max) {
  const std::size_t items = take_number<std::uint32_t>(part);
  if (items > rest_.size() / item_bytes_min) {
    refuse(fmt::format("ends within its {}", part));
    return 0;
  }
  if (items > items_max) {
    refuse(fmt::format("has {} {}, over {}", items, part, items_max));
    return 0;
  }
  return items;
}

void Reader::expect_end() {
  if (good() && !rest_.empty()) refuse(fmt::format("has bytes left over: {}", rest_.size()));
}

void Reader::refuse(std::string wrong) {
  if (good()) wrong_ = std::move(wrong);
}

}  // namespace backplane::link
