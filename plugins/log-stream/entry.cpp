#include "log-stream/entry.hpp"

#include <algorithm>
#include <array>

#include "log-stream/limits.hpp"

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

void Entry::set_value(std::size_t index, std::string_view value) {
  const Place old = places_[index];
  bytes_.replace(old.value_begin, old.value_end - old.value_begin, value);
  // Unsigned numbers wrap around, so that adding this moves places back as well.
  const auto moved = static_cast<std::uint32_t>(old.value_begin + value.size() - old.value_end);
  places_[index].value_end += moved;
  for (std::size_t i = index + 1; i < places_.size(); ++i) {
    places_[i].name_begin += moved;
    places_[i].value_begin += moved;
    places_[i].value_end += moved;
  }
}

std::string_view Entry::find(std::string_view name) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Field found = field(i);
    if (found.name == name) return found.value;
  }
  return {};
}

namespace {

constexpr std::array<bool, 256> name_bytes() {
  std::array<bool, 256> allowed{};
  for (const char byte : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")) {
    allowed[static_cast<unsigned char>(byte)] = true;
  }
  return allowed;
}

}  // namespace

bool is_field_name(std::string_view name) {
  constexpr std::array<bool, 256> kAllowed = name_bytes();
  if (name.empty() || name.size() > kFieldNameBytesMax || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [&](char byte) { return kAllowed[static_cast<unsigned char>(byte)]; });
}

}  // namespace backplane::log_stream
