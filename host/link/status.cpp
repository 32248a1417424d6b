#include "link/status.hpp"

namespace backplane::link {

using base::Error;

bp_status to_status(Error error) {
  switch (error) {
    case Error::kInvalid:
    case Error::kMethodNotAllowed:
      return BP_E_INVALID;
    case Error::kGone:
    case Error::kNotFound:
      return BP_E_GONE;
    case Error::kAgain:
    case Error::kThrottled:
      return BP_E_AGAIN;
    case Error::kLimit:
    case Error::kTooLarge:
      return BP_E_LIMIT;
    case Error::kUnauthorized:
    case Error::kForbidden:
      return BP_E_DENIED;
    case Error::kUnsupported:
      return BP_E_UNSUPPORTED;
    case Error::kConflict:
      return BP_E_CONFLICT;
    case Error::kTimeout:
      return BP_E_TIMEOUT;
    case Error::kUnavailable:
      return BP_E_UNAVAILABLE;
    case Error::kIo:
      return BP_E_IO;
    case Error::kBadGateway:
    case Error::kInternal:
      return BP_E_INTERNAL;
  }
  return BP_E_INTERNAL;
}

std::optional<Error> from_status(bp_status status) {
  switch (status) {
    case BP_OK:
      return std::nullopt;
    case BP_E_INVALID:
      return Error::kInvalid;
    case BP_E_GONE:
      return Error::kGone;
    case BP_E_AGAIN:
      return Error::kAgain;
    case BP_E_LIMIT:
      return Error::kLimit;
    case BP_E_DENIED:
      return Error::kForbidden;
    case BP_E_UNSUPPORTED:
      return Error::kUnsupported;
    case BP_E_CONFLICT:
      return Error::kConflict;
    case BP_E_TIMEOUT:
      return Error::kTimeout;
    case BP_E_UNAVAILABLE:
      return Error::kUnavailable;
    case BP_E_IO:
      return Error::kIo;
    default:
      return Error::kInternal;
  }
}

const char* status_name(bp_status status) {
  switch (status) {
    case BP_OK:
      return "BP_OK";
    case BP_E_INVALID:
      return "BP_E_INVALID";
    case BP_E_GONE:
      return "BP_E_GONE";
    case BP_E_AGAIN:
      return "BP_E_AGAIN";
    case BP_E_LIMIT:
      return "BP_E_LIMIT";
    case BP_E_DENIED:
      return "BP_E_DENIED";
    case BP_E_UNSUPPORTED:
      return "BP_E_UNSUPPORTED";
    case BP_E_CONFLICT:
      return "BP_E_CONFLICT";
    case BP_E_TIMEOUT:
      return "BP_E_TIMEOUT";
    case BP_E_UNAVAILABLE:
      return "BP_E_UNAVAILABLE";
    case BP_E_IO:
      return "BP_E_IO";
    case BP_E_INTERNAL:
      return "BP_E_INTERNAL";
    default:
      return "an unknown status";
  }
}

}  // namespace backplane::link
