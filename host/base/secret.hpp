// A string that must never be shown: formatting it gives "***", and its memory is wiped when it dies.
#pragma once

#include <fmt/core.h>
#include <string.h>  // explicit_bzero

#include <string>
#include <string_view>
#include <utility>

namespace backplane::base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret(Secret&& other) noexcept : text_(other.text_) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = other.text_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  // The text itself. Every caller of this is a place to look at in a review.
  const std::string& reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

 private:
  void wipe() noexcept {
    explicit_bzero(text_.data(), text_.size());
    text_.clear();
  }

  std::string text_;
};

}  // namespace backplane::base

template <>
struct fmt::formatter<backplane::base::Secret> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const backplane::base::Secret&, Context& context) const {
    return fmt::format_to(context.out(), "***");
  }
};
