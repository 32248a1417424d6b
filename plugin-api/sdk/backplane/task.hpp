// A function to call later. Unlike std::function it may hold what can only be moved, such as a Done.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace backplane::sdk {

template <class... Parameters>
class Task {
 public:
  template <class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, Task> && std::invocable<Function&, Parameters...>)
      Task(Function function)  // NOLINT: a lambda is passed as it is
      : holder_(std::make_unique<Holder<Function>>(std::move(function))) {}

  void operator()(Parameters... parameters) { holder_->run(parameters...); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void run(Parameters... parameters) = 0;
  };
  template <class Function>
  struct Holder final : Base {
    explicit Holder(Function from) : function(std::move(from)) {}
    void run(Parameters... parameters) override { function(parameters...); }
    Function function;
  };

  std::unique_ptr<Base> holder_;
};

}  // namespace backplane::sdk
