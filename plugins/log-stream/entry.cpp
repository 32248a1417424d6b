#include "log-stream/entry.hpp"

namespace backplane::log_stream {

void Entry::clear() {
  realtime_us = 0;
  monotonic_us = 0;
  boot_id.clear();
  cursor.clear();
  bytes_.clear();
  places_.clear();
}

void Entry::add(std::string_view name, std::string_view value) {
  const auto begin = static_cast<std::uint32_t>(bytes_.size());
  bytes_ += name;
  bytes_ += value;
  const auto value_begin = static_cast<std::uint32_t>(begin + name.size());
  places_.push_back({begin, value_begin, static_cast<std::uint32_t>(bytes_.size())});
}

Field Entry::field(std::size_t index) const {
  const Place& place = places_[index];
  const std::string_view bytes = bytes_;
  return {bytes.substr(place.name_begin, place.value_begin - place.name_begin),
          bytes.substr(place.value_begin, place.value_end - place.value_begin)};
}

std::string_view Entry::find(std::string_view name) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Field found = field(i);
    if (found.name == name) return found.value;
  }
  return {};
}

}  // namespace backplane::log_stream
