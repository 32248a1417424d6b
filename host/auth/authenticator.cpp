#include "auth/authenticator.hpp"

#include "auth/credentials.hpp"
#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"

namespace backplane::auth {
namespace {

using exchange::CredentialKind;
using exchange::Failure;

constexpr std::int64_t kKeyAgeCheckMs = 24LL * 3600 * 1000;
Verdict refuse(Failure failure, CredentialKind kind) {
  Verdict verdict;
  failure.login = failure.error == base::Error::kUnauthorized || failure.error == base::Error::kForbidden;
  failure.bearer = kind == CredentialKind::kBearer || kind == CredentialKind::kWebSocketProtocol;
  verdict.refusal = std::move(failure);
  verdict.presented = kind;
  return verdict;
}

Verdict accept(std::shared_ptr<const exchange::Principal> principal, CredentialKind kind) {
  return {.principal = std::move(principal), .refusal = std::nullopt, .presented = kind};
}

std::string_view reason_of(SessionEnd reason) {
  switch (reason) {
    case SessionEnd::kLogout:
      return "";
    case SessionEnd::kExpired:
      return "its time was over";
    case SessionEnd::kEvicted:
      return "there were too many";
    case SessionEnd::kUserChanged:
      return "the user was changed";
  }
  return "";
}

std::size_t principal_index(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::kBearer:
      return 1;
    case CredentialKind::kWebSocketProtocol:
      return 2;
    default:
      return 0;
  }
}

std::shared_ptr<const exchange::Principal> make_principal(const User& user, const Scopes& scopes, CredentialKind kind,
                                                          std::uint64_t session) {
  auto principal = std::make_shared<exchange::Principal>();
  principal->uid = user.uid;
  principal->user = user.name;
  principal->role = user.role;
  principal->scopes = scopes.of(user.role);
  principal->credential = kind;
  principal->session = session;
  return principal;
}

}  // namespace

base::Checked<StoredState> read_state(store::Store& store, const base::Clock& clock) {
  auto users = store.users();
  if (!users) return users.error();
  auto sessions = store.sessions();
  if (!sessions) return sessions.error();
  auto keys = read_key_ring(store, clock);
  if (!keys) return keys.error();
  auto logins = store.known_logins(limits::kThrottleGoodMax);
  if (!logins) return logins.error();
  // On a full disk it cannot be made; then this process has one of its own.
  auto names_key = store.instance_secret("names");
  return StoredState{std::move(*users), std::move(*sessions), std::move(*keys), std::move(*logins),
                     names_key ? std::move(*names_key) : base::Secret(random_bytes(32))};
}

Authenticator::Authenticator(store::StoreThread& store, const StoredState& state, store::Executor executor,
                             const base::Clock& clock, AuthenticatorOptions options)
    : scopes_(std::move(options.roles), std::move(options.scopes)),
      unix_peers_(std::move(options.unix_peers)),
      clock_(clock),
      store_(store),
      checker_(clock, executor, options.profile, std::move(options.verify)),
      users_(state.users, store, checker_, scopes_, clock, std::move(executor)),
      sessions_(store, clock, std::move(options.boot_id)),
      tokens_(state.keys),
      audit_(store, clock, [this](std::string_view name) { return users_.find(name) != nullptr; }),
      judge_(users_, checker_, audit_, clock, DummyHashes(options.profile, state.names_key), options.throttle),
      keys_read_ms_(clock.boot_ms()) {
  sessions_.load(state.sessions, [this](std::int32_t uid, std::int64_t generation) {
    const User* user = users_.find(uid);
    return user != nullptr && user->enabled && user->generation == generation;
  });
  for (auto login = state.logins.rbegin(); login != state.logins.rend(); ++login) {
    judge_.remember_good(login->user, login->address);
  }
  users_.on_changed([this](const User& user) {
    std::erase_if(principals_, [&](const auto& entry) { return entry.first.first == user.uid; });
    sessions_.drop_all(user.uid);
  });
  sessions_.on_ended([this](const Session& session, SessionEnd reason) {
    const User* user = users_.find(session.uid);
    audit_.note({.event = reason == SessionEnd::kLogout ? "logout" : "session.ended",
                 .user = user == nullptr ? "" : user->name,
                 .address = session.origin,
                 .door = session.door,
                 .detail = reason_of(reason)});
  });
}

void Authenticator::tick() {
  store_.watch(clock_.boot_ms());
  sessions_.sweep();
  audit_.flush();
  if (clock_.boot_ms() - keys_read_ms_ < kKeyAgeCheckMs) return;
  keys_read_ms_ = clock_.boot_ms();
  store_.run<KeyRing>([&clock = clock_](store::Store& store) { return read_key_ring(store, clock); },
                      [this](const base::Checked<KeyRing>& keys) {
                        if (keys) tokens_.set_keys(*keys);
                      });
}

void Authenticator::flush() {
  sessions_.flush();
  audit_.flush();
}

void Authenticator::reload(std::vector<std::string> roles, std::map<std::int64_t, std::string> unix_peers,
                           bool throttle) {
  scopes_.reload(std::move(roles));
  unix_peers_ = std::move(unix_peers);
  judge_.set_throttle(throttle);
  principals_.clear();
  sessions_.forget_principals();
}

std::optional<Verdict> Authenticator::identify_now(const exchange::Request& request) {
  Presented presented = read_credentials(request);
  switch (presented.form) {
    case Presented::Form::kNothing:
      return refuse(Failure{base::Error::kUnauthorized, ""}, CredentialKind::kNone);
    case Presented::Form::kRefused:
      return refuse(std::move(*presented.refusal), presented.kind);
    case Presented::Form::kToken:
      return judge_token(presented, request.client_address);
    case Presented::Form::kUnixPeer:
      return judge_peer(presented);
    case Presented::Form::kPassword:
      break;
  }
  const PasswordJudge::Try attempt =
      judge_.make_try(std::move(presented.user), std::move(presented.password), request.client_address, kRequestDoor);
  const auto answer = judge_.answer_now(attempt);
  if (!answer) return std::nullopt;
  return judge_password(*answer, presented.kind);
}

void Authenticator::identify_later(std::shared_ptr<const exchange::Request> request,
                                   std::function<void(Verdict)> done) {
  Presented presented = read_credentials(*request);
  if (presented.form != Presented::Form::kPassword) {
    auto verdict = identify_now(*request);
    return done(std::move(*verdict));
  }
  PasswordJudge::Try attempt =
      judge_.make_try(std::move(presented.user), std::move(presented.password), request->client_address, kRequestDoor);
  judge_.answer_later(std::move(attempt),
                      [this, kind = presented.kind, done = std::move(done)](const PasswordJudge::Answer& answer) {
                        done(judge_password(answer, kind));
                      });
}

Verdict Authenticator::judge_token(const Presented& presented, std::string_view address) {
  Session* session = find_session(presented.token, address);
  if (session == nullptr) return refuse(forbidden(), presented.kind);
  auto principal = principal_of(*session, presented.kind);
  if (principal == nullptr) return refuse(forbidden(), presented.kind);
  return accept(std::move(principal), presented.kind);
}

Verdict Authenticator::judge_peer(const Presented& presented) {
  const auto mapped = unix_peers_.find(presented.unix_uid);
  if (mapped == unix_peers_.end()) return refuse(Failure{base::Error::kUnauthorized, ""}, presented.kind);
  const User* user = users_.find(mapped->second);
  if (user == nullptr || !user->enabled) return refuse(forbidden(), presented.kind);
  return accept(principal_of(*user, presented.kind), presented.kind);
}

Verdict Authenticator::judge_password(const PasswordJudge::Answer& answer, CredentialKind kind) {
  if (const auto* failure = std::get_if<Failure>(&answer)) return refuse(*failure, kind);
  if (!std::holds_alternative<PasswordJudge::Proven>(answer)) return refuse(forbidden(), kind);
  const User* user = users_.find(std::get<PasswordJudge::Proven>(answer).uid);
  if (user == nullptr) return refuse(forbidden(), kind);
  return accept(principal_of(*user, kind), kind);
}

Session* Authenticator::find_session(std::string_view token, std::string_view address) {
  const auto key = tokens_.key_of(token);
  return key ? sessions_.find(*key, address) : nullptr;
}

void Authenticator::log_in(LoginAttempt attempt, std::function<void(LoginOutcome)> done) {
  PasswordJudge::Try password = judge_.make_try(attempt.user, std::move(attempt.password), attempt.client_address,
                                                attempt.door, std::move(attempt.code));
  judge_.answer_later(std::move(password), [this, attempt = std::move(attempt),
                                            done = std::move(done)](const PasswordJudge::Answer& answer) {
    if (const auto* proven = std::get_if<PasswordJudge::Proven>(&answer)) return open_session(attempt, *proven, done);
    LoginOutcome outcome;
    const auto* failure = std::get_if<Failure>(&answer);
    outcome.refusal = failure == nullptr ? forbidden() : *failure;
    outcome.code_needed = std::holds_alternative<PasswordJudge::CodeNeeded>(answer);
    outcome.locked = std::holds_alternative<PasswordJudge::Locked>(answer);
    done(std::move(outcome));
  });
}

void Authenticator::check_password(std::string user, base::Secret password, const std::string& address,
                                   std::function<void(std::optional<exchange::Failure>)> done) {
  judge_.answer_later(judge_.make_try(std::move(user), std::move(password), address, kRequestDoor),
                      [done = std::move(done)](const PasswordJudge::Answer& answer) {
                        const auto* failure = std::get_if<Failure>(&answer);
                        if (std::holds_alternative<PasswordJudge::Proven>(answer)) return done(std::nullopt);
                        done(failure == nullptr ? forbidden() : *failure);
                      });
}

void Authenticator::open_session(const LoginAttempt& attempt, PasswordJudge::Proven proven,
                                 std::function<void(LoginOutcome)> done) {
  SessionRequest request;
  request.uid = proven.uid;
  request.generation = proven.generation;
  request.door = attempt.door;
  request.lifetime_s = attempt.lifetime_s;
  request.idle_s = attempt.idle_s;
  request.dies_with_boot = attempt.dies_with_boot;
  request.origin = attempt.client_address;
  request.user_agent = attempt.user_agent;
  request.totp_step = proven.totp_step;
  sessions_.create(std::move(request), [this, proven, form = attempt.token_form, issuer = attempt.issuer,
                                        done = std::move(done)](const base::Checked<Sessions::Created>& created) {
    LoginOutcome outcome;
    if (!created) {
      // Changed between the check and the disk: the credential is no longer right.
      const bool changed = created.error().code == base::Error::kConflict;
      outcome.refusal = changed ? forbidden() : Failure{base::Error::kUnavailable, "the session cannot be stored now"};
      return done(std::move(outcome));
    }
    outcome.principal = principal_of(*created->session, CredentialKind::kCookie);
    if (outcome.principal == nullptr) {
      outcome.refusal = forbidden();
      return done(std::move(outcome));
    }
    if (proven.totp_step != 0) users_.note_spent(proven.uid, proven.totp_step);
    outcome.token = form ? sign(*form, created->token, *created->session, issuer) : created->token;
    outcome.session = created->session->id;
    audit_.note({.event = "login",
                 .user = outcome.principal->user,
                 .address = created->session->origin,
                 .door = created->session->door});
    done(std::move(outcome));
  });
}

base::Secret Authenticator::sign(TokenForm form, const base::Secret& token, const Session& session,
                                 const std::string& issuer) const {
  TokenBytes bytes{};
  BP_CHECK(decode_token(token.reveal(), bytes));
  const User* user = users_.find(session.uid);
  TokenClaims claims;
  claims.issuer = issuer;
  claims.user = user == nullptr ? "" : user->name;
  claims.uid = session.uid;
  claims.issued_s = session.created_wall_ms / 1000;
  if (session.deadline_boot_ms != 0) {
    claims.expires_s = (clock_.wall_ms() + session.deadline_boot_ms - clock_.boot_ms()) / 1000;
  }
  return tokens_.sign(form, bytes, claims);
}

void Authenticator::log_out_session(std::uint64_t session, std::function<void(base::Checked<void>)> done) {
  sessions_.end(session, SessionEnd::kLogout, std::move(done));
}

void Authenticator::log_out_user(std::int32_t uid, std::function<void(base::Checked<void>)> done) {
  sessions_.end_all(uid, SessionEnd::kLogout, std::move(done));
}

std::shared_ptr<const exchange::Principal> Authenticator::principal_of(Session& session, CredentialKind kind) {
  auto& principal = session.principals[principal_index(kind)];
  if (principal == nullptr) {
    const User* user = users_.find(session.uid);
    if (user == nullptr) return nullptr;
    principal = make_principal(*user, scopes_, kind, session.id);
  }
  return principal;
}

std::shared_ptr<const exchange::Principal> Authenticator::principal_of(const User& user, CredentialKind kind) {
  auto& principal = principals_[{user.uid, kind}];
  if (principal == nullptr) principal = make_principal(user, scopes_, kind, 0);
  return principal;
}

}  // namespace backplane::auth
