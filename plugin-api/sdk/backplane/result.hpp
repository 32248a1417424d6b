// A value, or what went wrong and how a client hears of it. A function that can fail returns a Result; the handler ends
// with `if (!result) return operation.fail(result.failure());`.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace backplane::sdk {

struct Failure {
  std::int32_t status = 500;  // HTTP, 400 to 599: 400 if asking again is of no use, 503 if it may be
  std::string text;           // for the person who reads the answer: what is wrong, and what helps
  std::string error_class;    // kvmd's exception class; counts in kvmd's style only
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}
  // Of what a T can be made of, such as a pointer to a derived class.
  template <class U>
  requires std::is_convertible_v<U&&, T> &&(!std::is_same_v<std::remove_cvref_t<U>, T>)&&(
      !std::is_convertible_v<U&&, Failure>)&&(!std::is_same_v<std::remove_cvref_t<U>, Result>)Result(U&& value)
      : held_(std::in_place_index<0>, std::forward<U>(value)) {}

  explicit operator bool() const { return held_.index() == 0; }

  // The value: only if there is one.
  T& operator*() & { return std::get<0>(held_); }
  const T& operator*() const& { return std::get<0>(held_); }
  T&& operator*() && { return std::get<0>(std::move(held_)); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }

  // What went wrong: only if there is no value.
  const Failure& failure() const& { return std::get<1>(held_); }
  Failure&& failure() && { return std::get<1>(std::move(held_)); }

 private:
  std::variant<T, Failure> held_;
};

}  // namespace backplane::sdk
