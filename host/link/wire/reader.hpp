// Takes apart what WireWriter put together, and trusts none of it: after the first thing that is wrong every read gives
// an empty value, so that a whole message is read first and looked at once.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace backplane::link {

class WireReader {
 public:
  // `bytes` outlives the reader and the views that it gives out.
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  // In all of these `part` names what is read, for wrong(): "headers".
  template <std::integral T>
  T number(const char* part) {
    const std::string_view bytes = take(sizeof(T), part);
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(bytes[i]));
      value = static_cast<std::make_unsigned_t<T>>(value | (byte << (8 * i)));
    }
    return static_cast<T>(value);
  }
  double real(const char* part) { return std::bit_cast<double>(number<std::uint64_t>(part)); }
  bool flag(const char* part) { return small(part, 1) != 0; }
  // One of an enum's values, which are 0 to `last`.
  template <class Enum>
  Enum choice(const char* part, Enum last) {
    return static_cast<Enum>(small(part, static_cast<std::uint8_t>(last)));
  }
  std::string_view view(const char* part) { return take(number<std::uint32_t>(part), part); }
  std::string text(const char* part) { return std::string(view(part)); }
  // Of a list whose items take `item_bytes_min` or more each; never more than are there, so memory may be set aside
  // for them.
  std::size_t count(const char* part, std::size_t item_bytes_min,
                    std::size_t items_max = std::numeric_limits<std::size_t>::max());

  // Where the next read begins.
  const char* position() const { return rest_.data(); }
  // Says what is wrong unless all was read.
  void expect_end();

  bool good() const { return wrong_.empty(); }
  // "ends within its headers"; empty: nothing is wrong.
  const std::string& wrong() const { return wrong_; }

 private:
  std::string_view take(std::size_t bytes, const char* part);
  std::uint8_t small(const char* part, std::uint8_t last);
  void refuse(std::string wrong);

  std::string_view rest_;
  std::string wrong_;
};

}  // namespace backplane::link
