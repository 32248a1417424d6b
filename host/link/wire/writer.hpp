// Appends numbers and texts to a frame's payload: little-endian, of fixed width, texts and lists behind a 32-bit count.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/check.hpp"

namespace backplane::link {

class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  // The type is the width on the wire, so it is always spelled out.
  template <std::integral T>
  void number(std::type_identity_t<T> value) {
    char bytes[sizeof(T)];
    put<T>(value, bytes);
    out_.append(bytes, sizeof bytes);
  }
  void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
  void real(double value) { number<std::uint64_t>(std::bit_cast<std::uint64_t>(value)); }
  template <class Enum>
  void choice(Enum value) {
    number<std::uint8_t>(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view value) {
    count(value.size());
    out_.append(value);
  }
  void count(std::size_t items) {
    BP_CHECK(items <= std::numeric_limits<std::uint32_t>::max());
    number<std::uint32_t>(static_cast<std::uint32_t>(items));
  }
  template <class List, class Item>
  void list(const List& items, Item item) {
    count(items.size());
    for (const auto& one : items) item(one);
  }

  // For a count that is known only once its items are written: the place of one that is filled in later.
  std::size_t leave_count() {
    count(0);
    return out_.size() - sizeof(std::uint32_t);
  }
  void fill_count(std::size_t place, std::uint32_t items) { put<std::uint32_t>(items, out_.data() + place); }

 private:
  template <std::integral T>
  static void put(T value, char* bytes) {
    const auto number = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(number >> (8 * i) & 0xff);
  }

  std::string& out_;
};

}  // namespace backplane::link
