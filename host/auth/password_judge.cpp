#include "auth/password_judge.hpp"

#include <algorithm>
#include <utility>

#include "auth/limits.hpp"
#include "base/peer_network.hpp"

namespace backplane::auth {
namespace {

using exchange::Failure;

constexpr std::int64_t kBusyRetryS = 3;  // a full queue of checks takes about that long

Failure throttled(std::int64_t wait_ms) {
  Failure failure{base::Error::kThrottled, "too many failed logins; try again later"};
  failure.retry_after_s = (wait_ms + 999) / 1000;
  return failure;
}

Failure too_busy() {
  Failure failure{base::Error::kThrottled, "too many logins at once; try again later"};
  failure.retry_after_s = kBusyRetryS;
  return failure;
}

Failure no_memory() {
  Failure failure{base::Error::kUnavailable, "there is not enough memory for a login now; try again later"};
  failure.retry_after_s = kBusyRetryS;
  return failure;
}

}  // namespace

Failure forbidden() {
  return Failure{base::Error::kForbidden, ""};
}

PasswordJudge::PasswordJudge(Users& users, PasswordChecker& checker, Audit& audit, const base::Clock& clock,
                             DummyHashes dummies, bool throttle)
    : users_(users),
      checker_(checker),
      audit_(audit),
      clock_(clock),
      throttle_on_(throttle),
      throttle_(clock),
      codes_(clock, limits::kThrottleFreeFailures, limits::kThrottleDelayMsMax),
      dummies_(std::move(dummies)) {}

PasswordJudge::Try PasswordJudge::make_try(std::string user, base::Secret password, std::string_view address,
                                           std::string door, std::optional<std::string> code) {
  // A user who cannot log in, whatever the reason, costs the same argon2 as one who can (S-20).
  const User* known = users_.find(user);
  const bool usable = known != nullptr && !known->hash.empty() && password.reveal().size() <= limits::kPasswordBytesMax;
  if (usable && !known->totp_key.empty() && !code) {
    // kvmd's way: the code stands behind the password. Without one it is a wrong code.
    const std::string& text = password.reveal();
    const std::size_t length = text.size() - std::min(text.size(), kTotpDigits);
    code = text.substr(length);
    password = base::Secret(text.substr(0, length));
  }
  Try attempt;
  attempt.address = address;
  attempt.door = std::move(door);
  std::string hash = hash_to_check(known, usable, user);
  attempt.question = {std::move(user), std::move(hash), std::move(password)};
  attempt.name = checker_.name_of(attempt.question);
  attempt.code = std::move(code);
  return attempt;
}

std::string PasswordJudge::hash_to_check(const User* known, bool usable, const std::string& name) {
  if (usable) return known->hash;
  if (followed_ != users_.revision()) {
    std::vector<std::string_view> hashes;
    for (const User* user : users_.list()) hashes.push_back(user->hash);
    dummies_.follow(hashes);
    followed_ = users_.revision();
  }
  // A user whose password is too long to be right is one still, and costs the same as with a short one.
  return known == nullptr ? dummies_.of_name(name) : dummies_.like(known->hash, name);
}

std::optional<PasswordJudge::Answer> PasswordJudge::answer_now(const Try& attempt) {
  // The throttle is asked first: a remembered answer must not turn a blocked guesser's right guess into a yes.
  if (throttle_on_) {
    const std::int64_t wait = throttle_.wait_ms(attempt.question.user, attempt.address);
    if (wait > 0) {
      audit_.note({.event = "login.refused",
                   .user = attempt.question.user,
                   .address = attempt.address,
                   .door = attempt.door,
                   .detail = "too many failures"});
      return Answer(throttled(wait));
    }
  }
  if (!checker_.remembers(attempt.name)) return std::nullopt;
  const User* user = users_.find(attempt.question.user);
  if (user == nullptr || user->totp_key.empty()) {
    Answer answer = judge(attempt, true);
    if (throttle_on_ && std::holds_alternative<Proven>(answer)) {
      throttle_.succeeded(attempt.question.user, attempt.address);  // another address of the owner's becomes known
    }
    return answer;
  }
  // The password is known to be right: what is guessed now is the code, and each guess counts.
  if (throttle_on_ && !throttle_.begin(attempt.question.user, attempt.address)) return Answer(throttled(1000));
  Answer answer = judge(attempt, true);
  count(attempt, answer, throttle_on_);
  return answer;
}

void PasswordJudge::answer_later(Try attempt, Done done) {
  if (auto answer = answer_now(attempt)) return done(std::move(*answer));
  // Who joins a check under way makes no guess of his own: it counts once, for whoever asked first.
  // But if a code stands behind the password, each is a guess.
  const bool pending = checker_.is_pending(attempt.name);
  const bool counts = throttle_on_ && (!pending || has_second_factor(attempt.question.user));
  if (counts && !throttle_.begin(attempt.question.user, attempt.address)) return done(throttled(1000));
  const auto kept = std::make_shared<Try>(std::move(attempt));
  const auto shared_done = std::make_shared<Done>(std::move(done));
  const auto finish = [this, kept, shared_done, counts](PasswordChecker::Outcome outcome) {
    if (outcome == PasswordChecker::Outcome::kDisplaced || outcome == PasswordChecker::Outcome::kNoMemory) {
      if (counts) throttle_.cancelled(kept->question.user, kept->address);
      return (*shared_done)(outcome == PasswordChecker::Outcome::kDisplaced ? too_busy() : no_memory());
    }
    Answer answer = judge(*kept, outcome == PasswordChecker::Outcome::kRight);
    count(*kept, answer, counts);
    const auto* proven = std::get_if<Proven>(&answer);
    if (proven != nullptr) users_.renew_hash(proven->uid, kept->question.password);
    (*shared_done)(std::move(answer));
  };
  if (checker_.check(kept->name, kept->question, place_of(*kept), finish)) return;
  if (counts) throttle_.cancelled(kept->question.user, kept->address);
  (*shared_done)(too_busy());
}

bool PasswordJudge::has_second_factor(const std::string& user) const {
  const User* known = users_.find(user);
  return known != nullptr && !known->totp_key.empty();
}

// Known addresses have places of their own. Others share those of their network, as wide as one may be that one
// person has.
CheckQueue::Place PasswordJudge::place_of(const Try& attempt) const {
  if (throttle_.is_good(attempt.question.user, attempt.address)) {
    return {.network = "known " + base::peer_network(attempt.address, base::Ipv4Part::kAddress),
            .failures = CheckQueue::kKnown,
            .places_max = limits::kPasswordChecksPerNetworkMax};
  }
  const NetworkFailures& networks = throttle_.networks();
  return {.network = base::peer_network(attempt.address, base::Ipv4Part::kNetwork24, base::Ipv6Part::kNetwork48),
          .failures = networks.failures(attempt.address),
          .places_max = networks.tries_max(attempt.address)};
}

// Ends a try that the throttle knows of, and notes a refusal.
void PasswordJudge::count(const Try& attempt, const Answer& answer, bool throttled) {
  const std::string& user = attempt.question.user;
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    const bool judged = failure->error != base::Error::kThrottled;  // else nobody looked at the code
    if (throttled && judged) throttle_.failed(user, attempt.address);
    if (throttled && !judged) throttle_.cancelled(user, attempt.address);
    audit_.note({.event = "login.refused", .user = user, .address = attempt.address, .door = attempt.door});
    return;
  }
  if (std::holds_alternative<Locked>(answer)) {
    audit_.note({.event = "login.refused",
                 .user = user,
                 .address = attempt.address,
                 .door = attempt.door,
                 .detail = "the account is locked"});
  }
  if (throttled && std::holds_alternative<Proven>(answer)) {
    throttle_.succeeded(user, attempt.address);
  } else if (throttled) {
    throttle_.cancelled(user, attempt.address);
  }
}

// The user may have changed while the check ran: only the hash that was checked counts.
PasswordJudge::Answer PasswordJudge::judge(const Try& attempt, bool matches) {
  const User* user = users_.find(attempt.question.user);
  if (!matches || user == nullptr || user->hash.empty() || user->hash != attempt.question.hash) return forbidden();
  if (!user->enabled) return Locked();
  if (!user->totp_key.empty()) return judge_code(attempt, *user);
  return Proven{user->uid, user->generation};
}

PasswordJudge::Answer PasswordJudge::judge_code(const Try& attempt, const User& user) {
  if (!attempt.code || attempt.code->empty()) return CodeNeeded();
  const Digest account = hmac_sha256("codes of", std::to_string(user.uid));
  if (const std::int64_t wait = throttle_on_ ? codes_.wait_ms(account) : 0; wait > 0) return throttled(wait);
  const auto step = find_totp_step(user.totp_key, *attempt.code, clock_.wall_ms());
  if (!step) {
    codes_.fail(account);
    return forbidden();
  }
  codes_.forget(account);
  if (is_spent(*step, user.totp_spent)) return forbidden();
  const TotpUses::Code used{user.totp_key, *step, clock_.boot_ms()};
  if (attempt.door == kRequestDoor) {
    if (!totp_uses_.take_for_request(used, attempt.address)) return forbidden();
    return Proven{user.uid, user.generation};
  }
  if (!totp_uses_.take_for_session(used)) return forbidden();
  return Proven{user.uid, user.generation, *step};
}

}  // namespace backplane::auth
