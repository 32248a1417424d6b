#include "base/error.hpp"

namespace backplane::base {
namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "backplane"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
      case Error::kInvalid:
        return "invalid input";
      case Error::kUnauthorized:
        return "no usable credential";
      case Error::kForbidden:
        return "forbidden";
      case Error::kNotFound:
        return "not found";
      case Error::kMethodNotAllowed:
        return "method not allowed";
      case Error::kConflict:
        return "conflicts with the present state";
      case Error::kTooLarge:
        return "too large";
      case Error::kThrottled:
        return "too many requests";
      case Error::kUnsupported:
        return "not supported";
      case Error::kGone:
        return "already ended";
      case Error::kAgain:
        return "no room now";
      case Error::kLimit:
        return "over the limit";
      case Error::kTimeout:
        return "timed out";
      case Error::kUnavailable:
        return "unavailable";
      case Error::kBadGateway:
        return "the plugin failed";
      case Error::kIo:
        return "input/output error";
      case Error::kInternal:
        return "internal error";
    }
    return "unknown error";
  }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
  static const Category category;
  return category;
}

}  // namespace backplane::base
