// Login as the whole daemon sees it: one user base, one session registry, one throttle, behind every door. The doors in
// login/ only translate their dialect into log_in() and the log_out functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/audit.hpp"
#include "auth/gate.hpp"
#include "auth/password_checker.hpp"
#include "auth/password_judge.hpp"
#include "auth/scopes.hpp"
#include "auth/sessions.hpp"
#include "auth/tokens.hpp"
#include "auth/users.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "store/store_thread.hpp"

namespace backplane::auth {

struct Presented;

struct AuthenticatorOptions {
  PasswordProfile profile = kDefaultProfile;
  PasswordChecker::Verify verify = verify_password;
  bool throttle = true;
  std::map<std::int64_t, std::string> unix_peers;  // a Unix socket's peer uid -> user
  std::vector<std::string> roles = {"admin", "operator", "viewer"};
  Scopes::Source scopes = [](const std::string&) { return std::vector<std::string>(); };
  std::string boot_id = read_boot_id();
};

// What the store had at start.
struct StoredState {
  std::vector<User> users;
  std::vector<store::SessionRow> sessions;
  KeyRing keys;
  std::vector<store::KnownLoginRow> logins;  // latest first
  base::Secret names_key;                    // of the costs of names that nobody has
};

// Reads it before the store goes to its thread; makes the keys of tokens if there are none.
base::Checked<StoredState> read_state(store::Store& store, const base::Clock& clock = base::system_clock());

struct LoginAttempt {
  std::string user;
  base::Secret password;
  // The code of a second factor, if the door asks for it apart; nothing: it stands behind the password.
  std::optional<std::string> code;
  std::string client_address;
  std::string door;             // its name, as the audit and the sessions tell it
  std::int64_t lifetime_s = 0;  // of the session; 0: none
  std::int64_t idle_s = 0;      // 0: none
  bool dies_with_boot = false;
  std::string user_agent;
  // The token is signed in that form, for clients that read it; nothing: 64 hex digits.
  std::optional<TokenForm> token_form;
  std::string issuer;  // of a signed token
};

// Either a refusal or all of the others.
struct LoginOutcome {
  base::Secret token;
  std::uint64_t session = 0;
  std::shared_ptr<const exchange::Principal> principal;
  std::optional<exchange::Failure> refusal;
  // With a refusal, if the password was right: the user has a second factor, or is locked.
  bool code_needed = false;
  bool locked = false;
};

// All on the I/O thread. What `executor` was given may still wait when this object dies; it then must never run.
class Authenticator final : public Gate {
 public:
  Authenticator(store::StoreThread& store, const StoredState& state, store::Executor executor, const base::Clock& clock,
                AuthenticatorOptions options);

  std::optional<Verdict> identify_now(const exchange::Request& request) override;
  void identify_later(std::shared_ptr<const exchange::Request> request, std::function<void(Verdict)> done) override;

  // Verifies the user and makes a session; the token exists only after the last step, on the disk (S-34). One refusal,
  // kForbidden, for unknown user, wrong password, disabled account and account without password, at one cost (S-20,
  // S-33). `done` may be called before this returns.
  void log_in(LoginAttempt attempt, std::function<void(LoginOutcome)> done);

  // End one session or all of a user; `done` is called when the disk knows it.
  void log_out_session(std::uint64_t session, std::function<void(base::Checked<void>)> done);
  void log_out_user(std::int32_t uid, std::function<void(base::Checked<void>)> done);

  // The session that a token names, and a note of its use; null if there is none.
  Session* find_session(std::string_view token, std::string_view address);
  // Whether the password is the user's, for changes that ask for it once more: no session is made. The refusal is
  // log_in's.
  void check_password(std::string user, base::Secret password, const std::string& address,
                      std::function<void(std::optional<exchange::Failure>)> done);
  // Call about once a second: ends what has expired, writes what was put off.
  void tick();
  // Writes everything that was put off; for a clean stop.
  void flush();
  // New settings after a reload; sessions go on with the new scopes.
  void reload(std::vector<std::string> roles, std::map<std::int64_t, std::string> unix_peers, bool throttle);

  Users& users() { return users_; }
  Sessions& sessions() { return sessions_; }
  Audit& audit() { return audit_; }
  const PasswordChecker& passwords() const { return checker_; }

 private:
  Verdict judge_token(const Presented& presented, std::string_view address);
  Verdict judge_peer(const Presented& presented);
  Verdict judge_password(const PasswordJudge::Answer& answer, exchange::CredentialKind kind);
  base::Secret sign(TokenForm form, const base::Secret& token, const Session& session, const std::string& issuer) const;
  void open_session(const LoginAttempt& attempt, PasswordJudge::Proven proven, std::function<void(LoginOutcome)> done);

  std::shared_ptr<const exchange::Principal> principal_of(Session& session, exchange::CredentialKind kind);
  std::shared_ptr<const exchange::Principal> principal_of(const User& user, exchange::CredentialKind kind);

  Scopes scopes_;
  std::map<std::int64_t, std::string> unix_peers_;
  const base::Clock& clock_;
  store::StoreThread& store_;
  PasswordChecker checker_;
  Users users_;
  Sessions sessions_;
  Tokens tokens_;
  Audit audit_;
  PasswordJudge judge_;
  std::int64_t keys_read_ms_;
  // Of requests without a session, shared by all of one user and kind.
  std::map<std::pair<std::int32_t, exchange::CredentialKind>, std::shared_ptr<const exchange::Principal>> principals_;
};

}  // namespace backplane::auth
