// What the connection asks before a protected route: who is this?
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "exchange/error_style.hpp"
#include "exchange/request.hpp"

namespace backplane::auth {

// Exactly one of principal and refusal is set. A refusal here is about the credential, never about a scope:
// kUnauthorized if nothing usable was presented, kForbidden if it is wrong, kInvalid if it is malformed in
// kvmd's sense, kThrottled, or kUnavailable if there is no memory to look at it, with retry_after_s.
struct Verdict {
  std::shared_ptr<const exchange::Principal> principal;
  std::optional<exchange::Failure> refusal;
  // What was looked at, also if it was refused: dialects word a bad bearer differently, the access log names it.
  exchange::CredentialKind presented = exchange::CredentialKind::kNone;
};

// I/O thread.
class Gate {
 public:
  virtual ~Gate() = default;

  // The verdict, if it needs no waiting: tokens, Unix peers, passwords that were right a moment ago, and every
  // refusal that can be given at once. A good token costs one hash and no allocation. Nothing: ask identify_later.
  virtual std::optional<Verdict> identify_now(const exchange::Request& request) = 0;

  // For a request that identify_now left open: checks its password on a worker. `done` is called exactly once, perhaps
  // before this returns.
  virtual void identify_later(std::shared_ptr<const exchange::Request> request, std::function<void(Verdict)> done) = 0;
};

}  // namespace backplane::auth
