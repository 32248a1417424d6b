// Takes apart what Writer put together, and trusts none of it: after the first thing that is wrong every read gives an
// empty value, so that a whole message is read first and looked at once.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace backplane::link {

class Reader {
 public:
  // `bytes` outlives the reader and the views that it gives out.
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  // --- As an archive of fields() (see fields.hpp). `part` names what is read, for wrong(): "headers". ---

  // As wide as `value`, so never for a type whose width depends on the machine: that is size().
  template <std::integral T>
  void number(const char* part, T& value) {
    value = take_number<T>(part);
  }
  // If a size is narrower than 64 bits, a count that does not fit becomes the largest.
  void size(const char* part, std::size_t& value) {
    const auto count = take_number<std::uint64_t>(part);
    value = std::in_range<std::size_t>(count) ? static_cast<std::size_t>(count) : kAny;
  }
  void real(const char* part, double& value) { value = std::bit_cast<double>(take_number<std::uint64_t>(part)); }
  void flag(const char* part, bool& value) { value = small(part, 1) != 0; }
  // One of an enum's values, which are 0 to `last`.
  template <class Enum>
  void choice(const char* part, Enum& value, Enum last) {
    value = static_cast<Enum>(small(part, static_cast<std::uint8_t>(last)));
  }
  void text(const char* part, std::string& value) { value = view(part); }
  void path(const char* part, std::filesystem::path& value) { value = view(part); }
  // Items that take `item_bytes_min` or more each. Never more are read than are there, so memory may be set aside.
  template <class T, class Each>
  void list(const char* part, std::vector<T>& items, std::size_t item_bytes_min, Each each,
            std::size_t items_max = kAny) {
    items.resize(count(part, item_bytes_min, items_max));
    for (T& item : items) each(item);
  }
  template <class T, class Each>
  void optional(const char* part, std::optional<T>& value, Each each) {
    if (small(part, 1) != 0) each(value.emplace());
  }
  template <class T, class Each>
  void optional(const char* part, std::shared_ptr<const T>& value, Each each) {
    if (small(part, 1) != 0) shared(value, each);
  }
  template <class T, class Each>
  void shared(std::shared_ptr<const T>& value, Each each) {
    auto made = std::make_shared<T>();
    each(*made);
    value = std::move(made);
  }

  // --- For who reads in place ---

  std::string_view view(const char* part) { return take(take_number<std::uint32_t>(part), part); }
  std::size_t count(const char* part, std::size_t item_bytes_min, std::size_t items_max = kAny);
  // The place at which the next read begins.
  const char* position() const { return rest_.data(); }

  // Says what is wrong unless all was read.
  void expect_end();
  bool good() const { return wrong_.empty(); }
  // "ends within its headers"; empty: nothing is wrong.
  const std::string& wrong() const { return wrong_; }

 private:
  static constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();  // a list as long as the frame

  template <std::integral T>
  T take_number(const char* part) {
    const std::string_view bytes = take(sizeof(T), part);
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(bytes[i]));
      value = static_cast<std::make_unsigned_t<T>>(value | (byte << (8 * i)));
    }
    return static_cast<T>(value);
  }
  std::string_view take(std::size_t bytes, const char* part);
  std::uint8_t small(const char* part, std::uint8_t last);
  void refuse(std::string wrong);

  std::string_view rest_;
  std::string wrong_;
};

}  // namespace backplane::link
