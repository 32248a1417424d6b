// Text and lists of named values as the ABI carries them, read without a copy. A view is valid as long as the bytes
// behind it: for everything of a request, until the handler returns.
#pragma once

#include <backplane/abi.h>

#include <backplane/text.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

namespace backplane::sdk {

inline std::string_view view(bp_bytes bytes) {
  return bytes.size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(bytes.data), bytes.size);
}

inline bp_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}

struct Field {
  std::string_view name;
  std::string_view value;
};

// A list of fields in the order of the request; a repeated name is there as often as it was sent.
class Fields {
 public:
  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const char* at, std::size_t stride) : at_(at), stride_(stride) {}
    Field operator*() const {
      const auto* field = reinterpret_cast<const bp_field*>(at_);
      return {view(field->name), view(field->value)};
    }
    Iterator& operator++() {
      at_ += stride_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const char* at_ = nullptr;
    std::size_t stride_ = 0;
  };

  explicit Fields(bp_fields fields) : fields_(fields) {}

  std::size_t size() const { return fields_.count; }
  bool empty() const { return fields_.count == 0; }
  Iterator begin() const { return {reinterpret_cast<const char*>(fields_.items), fields_.stride}; }
  Iterator end() const {
    const auto* first = reinterpret_cast<const char*>(fields_.items);
    return {empty() ? first : first + fields_.count * fields_.stride, fields_.stride};
  }

  // The first value of that exact name.
  std::optional<std::string_view> find(std::string_view name) const {
    for (const Field field : *this) {
      if (field.name == name) return field.value;
    }
    return std::nullopt;
  }

  // The first value of that name in any case: for headers.
  std::optional<std::string_view> find_ignoring_case(std::string_view name) const {
    for (const Field field : *this) {
      if (equal_ignoring_case(field.name, name)) return field.value;
    }
    return std::nullopt;
  }

 private:
  bp_fields fields_;
};

}  // namespace backplane::sdk
