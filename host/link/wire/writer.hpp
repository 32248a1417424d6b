// Appends fields to a frame's payload: numbers little-endian and of fixed width, texts and lists behind a 32-bit count.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/check.hpp"

namespace backplane::link {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  // --- As an archive of fields() (see fields.hpp): the same as Reader's, whose names of parts are of no use here ---

  template <std::integral T>
  void number(const char*, T value) {
    char bytes[sizeof(T)];
    put<T>(value, bytes);
    out_.append(bytes, sizeof bytes);
  }
  void size(const char* part, std::size_t value) { number<std::uint64_t>(part, value); }
  void real(const char* part, double value) { number(part, std::bit_cast<std::uint64_t>(value)); }
  void flag(const char* part, bool value) { number<std::uint8_t>(part, value ? 1 : 0); }
  template <class Enum>
  void choice(const char* part, Enum value, Enum) {
    number(part, static_cast<std::uint8_t>(value));
  }
  void text(const char*, std::string_view value) {
    count(value.size());
    out_.append(value);
  }
  void path(const char* part, const std::filesystem::path& value) { text(part, value.native()); }
  template <class List, class Each>
  void list(const char*, const List& items, std::size_t, Each each, std::size_t = 0) {
    count(items.size());
    for (const auto& item : items) each(item);
  }
  template <class Value, class Each>
  void optional(const char* part, const Value& value, Each each) {
    flag(part, static_cast<bool>(value));
    if (value) each(*value);
  }
  template <class T, class Each>
  void shared(const std::shared_ptr<const T>& value, Each each) {
    each(*value);
  }

  // --- For a count that is known only once its items are written: the place of one that is filled in later ---

  std::size_t leave_count() {
    count(0);
    return out_.size() - sizeof(std::uint32_t);
  }
  void fill_count(std::size_t place, std::uint32_t items) { put<std::uint32_t>(items, out_.data() + place); }

 private:
  void count(std::size_t items) {
    BP_CHECK(items <= std::numeric_limits<std::uint32_t>::max());
    number("", static_cast<std::uint32_t>(items));
  }
  template <std::integral T>
  static void put(T value, char* bytes) {
    const auto number = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(number >> (8 * i) & 0xff);
  }

  std::string& out_;
};

}  // namespace backplane::link
