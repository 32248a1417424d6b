// The one enum of things that go wrong, and its std::error_code category.
// exchange/http_status maps it to HTTP, link/status maps it to bp_status; nothing else translates errors.
#pragma once

#include <boost/system/error_code.hpp>

namespace backplane::base {

enum class Error {
  kInvalid = 1,   // the input is wrong; saying it again will not help
  kUnauthorized,  // no usable credential was presented
  kForbidden,     // a credential was presented and is wrong, or its role may not do this
  kNotFound,
  kMethodNotAllowed,
  kConflict,  // the present state does not allow it (busy, exists already)
  kTooLarge,
  kThrottled,  // too many tries; later it may work
  kUnsupported,
  kGone,         // the thing ended while somebody was still using it
  kAgain,        // no room now (credit spent, queue full); wait for the event that says so
  kLimit,        // can never fit
  kTimeout,      // the answer did not come in time
  kUnavailable,  // the part that should answer is not there now
  kBadGateway,   // the part that should answer broke
  kIo,           // the operating system refused (disk, device, socket)
  kInternal,     // our own mistake
};

const boost::system::error_category& error_category() noexcept;

inline boost::system::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), error_category()};
}

}  // namespace backplane::base

template <>
struct boost::system::is_error_code_enum<backplane::base::Error> : std::true_type {};
