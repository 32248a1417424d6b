#include "auth/authenticator.hpp"

#include "auth/credentials.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace backplane::auth {
namespace {

using exchange::CredentialKind;
using exchange::Failure;

namespace limits = base::limits;

constexpr std::int64_t kBusyRetryS = 3;  // a full queue of checks takes about that long

Failure forbidden() {
  return Failure{base::Error::kForbidden, ""};
}

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

Verdict refuse(Failure failure, CredentialKind kind) {
  Verdict verdict;
  verdict.refusal = std::move(failure);
  verdict.presented = kind;
  return verdict;
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

base::Checked<StoredState> read_state(const store::Store& store) {
  auto users = store.users();
  if (!users) return users.error();
  auto sessions = store.sessions();
  if (!sessions) return sessions.error();
  return StoredState{std::move(*users), std::move(*sessions)};
}

Authenticator::Authenticator(store::StoreThread& store, StoredState state, store::Executor executor,
                             const base::Clock& clock, AuthenticatorOptions options)
    : scopes_(std::move(options.roles), std::move(options.scopes)),
      throttle_on_(options.throttle),
      unix_peers_(std::move(options.unix_peers)),
      throttle_(clock),
      checker_(clock, executor, options.profile),
      dummy_hash_(unmatchable_hash(options.profile)),
      users_(state.users, store, checker_, scopes_, clock, std::move(executor)),
      sessions_(store, clock, std::move(options.boot_id)) {
  sessions_.load(state.sessions, [this](std::int32_t uid, std::int64_t generation) {
    const User* user = users_.find(uid);
    return user != nullptr && user->enabled && user->generation == generation;
  });
  users_.on_changed([this](const User& user) {
    std::erase_if(principals_, [&](const auto& entry) { return entry.first.first == user.uid; });
    sessions_.drop_all(user.uid);
  });
}

void Authenticator::reload(std::vector<std::string> roles, std::map<std::int64_t, std::string> unix_peers,
                           bool throttle) {
  scopes_.reload(std::move(roles));
  unix_peers_ = std::move(unix_peers);
  throttle_on_ = throttle;
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
  const Try attempt = make_try(std::move(presented.user), std::move(presented.password), request.client_address);
  const auto answer = answer_now(attempt);
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
  Try attempt = make_try(std::move(presented.user), std::move(presented.password), request->client_address);
  answer_later(std::move(attempt), [this, kind = presented.kind, done = std::move(done)](const PasswordAnswer& answer) {
    done(judge_password(answer, kind));
  });
}

Verdict Authenticator::judge_token(const Presented& presented, std::string_view address) {
  Session* session = sessions_.find(presented.token, address);
  if (session == nullptr) return refuse(forbidden(), presented.kind);
  auto principal = principal_of(*session, presented.kind);
  if (principal == nullptr) return refuse(forbidden(), presented.kind);
  Verdict verdict;
  verdict.principal = std::move(principal);
  verdict.presented = presented.kind;
  return verdict;
}

Verdict Authenticator::judge_peer(const Presented& presented) {
  const auto mapped = unix_peers_.find(presented.unix_uid);
  if (mapped == unix_peers_.end()) return refuse(Failure{base::Error::kUnauthorized, ""}, presented.kind);
  const User* user = users_.find(mapped->second);
  if (user == nullptr || !user->enabled) return refuse(forbidden(), presented.kind);
  Verdict verdict;
  verdict.principal = principal_of(*user, presented.kind);
  verdict.presented = presented.kind;
  return verdict;
}

Verdict Authenticator::judge_password(const PasswordAnswer& answer, CredentialKind kind) {
  if (const auto* failure = std::get_if<Failure>(&answer)) return refuse(*failure, kind);
  const User* user = users_.find(std::get<Proven>(answer).uid);
  if (user == nullptr) return refuse(forbidden(), kind);
  Verdict verdict;
  verdict.principal = principal_of(*user, kind);
  verdict.presented = kind;
  return verdict;
}

Authenticator::Try Authenticator::make_try(std::string user, base::Secret password, std::string_view address) const {
  // A user who cannot log in, whatever the reason, costs the same argon2 as one who can (S-20).
  const User* known = users_.find(user);
  const bool usable = known != nullptr && may_log_in(*known) && password.reveal().size() <= limits::kPasswordBytesMax;
  Try attempt;
  attempt.address = address;
  attempt.question = {std::move(user), usable ? known->hash : dummy_hash_, std::move(password)};
  attempt.name = checker_.name_of(attempt.question);
  return attempt;
}

std::optional<Authenticator::PasswordAnswer> Authenticator::answer_now(const Try& attempt) const {
  // The throttle is asked first: a remembered answer must not turn a blocked guesser's right guess into a yes.
  if (throttle_on_) {
    const std::int64_t wait = throttle_.wait_ms(attempt.question.user, attempt.address);
    if (wait > 0) return PasswordAnswer(throttled(wait));
  }
  if (checker_.remembers(attempt.name)) return judge(attempt, true);
  return std::nullopt;
}

void Authenticator::answer_later(Try attempt, PasswordDone done) {
  if (auto answer = answer_now(attempt)) return done(std::move(*answer));
  // Who joins a check under way makes no guess of his own: it counts once, for whoever asked first.
  const bool counts = throttle_on_ && !checker_.is_pending(attempt.name);
  if (counts && !throttle_.begin(attempt.question.user, attempt.address)) return done(throttled(1000));
  const auto kept = std::make_shared<Try>(std::move(attempt));
  const auto shared_done = std::make_shared<PasswordDone>(std::move(done));
  const bool accepted = checker_.check(kept->name, kept->question, [this, kept, shared_done, counts](bool matches) {
    PasswordAnswer answer = judge(*kept, matches);
    const bool right = std::holds_alternative<Proven>(answer);
    if (counts && right) throttle_.succeeded(kept->question.user, kept->address);
    if (counts && !right) throttle_.failed(kept->question.user, kept->address);
    if (!right) {
      base::log(base::Level::kInfo, "login denied for '{}' from {}", kept->question.user.substr(0, 64), kept->address);
    }
    (*shared_done)(std::move(answer));
  });
  if (accepted) return;
  if (counts) throttle_.cancelled(kept->question.user, kept->address);
  (*shared_done)(too_busy());
}

// The user may have changed while the check ran: only the hash that was checked counts.
Authenticator::PasswordAnswer Authenticator::judge(const Try& attempt, bool matches) const {
  const User* user = users_.find(attempt.question.user);
  if (!matches || user == nullptr || !may_log_in(*user) || user->hash != attempt.question.hash) return forbidden();
  return Proven{user->uid, user->generation};
}

void Authenticator::log_in(LoginAttempt attempt, std::function<void(LoginOutcome)> done) {
  Try password = make_try(attempt.user, std::move(attempt.password), attempt.client_address);
  answer_later(std::move(password),
               [this, attempt = std::move(attempt), done = std::move(done)](const PasswordAnswer& answer) {
                 if (const auto* failure = std::get_if<Failure>(&answer)) {
                   LoginOutcome outcome;
                   outcome.refusal = *failure;
                   return done(std::move(outcome));
                 }
                 open_session(attempt, std::get<Proven>(answer), done);
               });
}

void Authenticator::open_session(const LoginAttempt& attempt, Proven proven, std::function<void(LoginOutcome)> done) {
  SessionRequest request;
  request.uid = proven.uid;
  request.generation = proven.generation;
  request.door = attempt.door;
  request.lifetime_s = attempt.lifetime_s;
  request.idle_s = attempt.idle_s;
  request.dies_with_boot = attempt.dies_with_boot;
  request.origin = attempt.client_address;
  request.user_agent = attempt.user_agent;
  sessions_.create(std::move(request), [this, done = std::move(done)](const base::Checked<Sessions::Created>& created) {
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
    outcome.token = created->token;
    outcome.session = created->session->id;
    base::log(base::Level::kInfo, "logged in '{}' from {} ({})", outcome.principal->user, created->session->origin,
              created->session->door);
    done(std::move(outcome));
  });
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
