// Judges a user's password and second factor: under the throttle, with a place in the queue by who asks, and at
// one cost whoever the user is (S-05, S-16, S-20). What the answer is used for is its caller's matter.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/audit.hpp"
#include "auth/crypto/dummy_hashes.hpp"
#include "auth/crypto/totp.hpp"
#include "auth/password_checker.hpp"
#include "auth/throttle.hpp"
#include "auth/users.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "exchange/error_style.hpp"

namespace backplane::auth {

// The one refusal of a credential that is wrong, whatever is wrong with it (S-20).
exchange::Failure forbidden();

// The door of a try for which no session is to be made.
inline constexpr const char* kRequestDoor = "request";

// All on the I/O thread.
class PasswordJudge {
 public:
  // Who was verified, in the state that was verified.
  struct Proven {
    std::int32_t uid;
    std::int64_t generation;
    std::int64_t totp_step = 0;  // of the code, if a session is to be made
  };
  struct CodeNeeded {};
  struct Locked {};  // the password was right
  using Answer = std::variant<Proven, CodeNeeded, Locked, exchange::Failure>;
  using Done = std::function<void(Answer)>;
  struct Try {
    std::string address;
    std::string door;  // for the audit, or kRequestDoor
    PasswordChecker::Question question;
    Digest name{};
    std::optional<std::string> code = {};
  };

  // What it is given must outlive it.
  PasswordJudge(Users& users, PasswordChecker& checker, Audit& audit, const base::Clock& clock, DummyHashes dummies,
                bool throttle);

  // `code`: nothing if it stands behind the password.
  Try make_try(std::string user, base::Secret password, std::string_view address, std::string door,
               std::optional<std::string> code = {});
  // The answer, if it needs no hash: the throttle's no, or a password that was right a moment ago.
  std::optional<Answer> answer_now(const Try& attempt);
  // `done` is called exactly once, perhaps before this returns.
  void answer_later(Try attempt, Done done);

  // The user has logged in from there, as an earlier process knew.
  void remember_good(std::string_view user, std::string_view address) { throttle_.remember_good(user, address); }
  void set_throttle(bool on) { throttle_on_ = on; }

 private:
  void count(const Try& attempt, const Answer& answer, bool throttled);
  bool has_second_factor(const std::string& user) const;
  std::string hash_to_check(const User* known, bool usable, const std::string& name);
  CheckQueue::Place place_of(const Try& attempt) const;
  Answer judge(const Try& attempt, bool matches);
  Answer judge_code(const Try& attempt, const User& user);

  Users& users_;
  PasswordChecker& checker_;
  Audit& audit_;
  const base::Clock& clock_;
  bool throttle_on_;
  Throttle throttle_;
  FailureTable codes_;   // wrong codes behind a right password, by user: whoever has that far to go may guess least
  DummyHashes dummies_;  // checked in place of users that do not exist
  std::uint64_t followed_ = 0;  // the revision of the users that the dummies follow
  TotpUses totp_uses_;
};

}  // namespace backplane::auth
