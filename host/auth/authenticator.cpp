#include "auth/authenticator.hpp"

#include <algorithm>

#include "auth/credentials.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"
#include "base/peer_network.hpp"

namespace backplane::auth {
namespace {

using exchange::CredentialKind;
using exchange::Failure;

constexpr std::int64_t kBusyRetryS = 3;  // a full queue of checks takes about that long
constexpr std::int64_t kKeyAgeCheckMs = 24LL * 3600 * 1000;
constexpr const char* kRequestDoor = "request";

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
  failure.login = failure.error == base::Error::kUnauthorized || failure.error == base::Error::kForbidden;
  failure.bearer = kind == CredentialKind::kBearer || kind == CredentialKind::kWebSocketProtocol;
  verdict.refusal = std::move(failure);
  verdict.presented = kind;
  return verdict;
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
  return StoredState{std::move(*users), std::move(*sessions), std::move(*keys)};
}

Authenticator::Authenticator(store::StoreThread& store, const StoredState& state, store::Executor executor,
                             const base::Clock& clock, AuthenticatorOptions options)
    : scopes_(std::move(options.roles), std::move(options.scopes)),
      throttle_on_(options.throttle),
      unix_peers_(std::move(options.unix_peers)),
      clock_(clock),
      store_(store),
      throttle_(clock),
      codes_(clock, limits::kThrottleFreeFailures, limits::kThrottleDelayMsMax),
      checker_(clock, executor, options.profile),
      dummy_hash_(unmatchable_hash(options.profile)),
      users_(state.users, store, checker_, scopes_, clock, std::move(executor)),
      sessions_(store, clock, std::move(options.boot_id)),
      tokens_(state.keys),
      audit_(store, clock),
      keys_read_ms_(clock.boot_ms()) {
  sessions_.load(state.sessions, [this](std::int32_t uid, std::int64_t generation) {
    const User* user = users_.find(uid);
    return user != nullptr && user->enabled && user->generation == generation;
  });
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
  const Try attempt =
      make_try(std::move(presented.user), std::move(presented.password), request.client_address, kRequestDoor);
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
  Try attempt =
      make_try(std::move(presented.user), std::move(presented.password), request->client_address, kRequestDoor);
  answer_later(std::move(attempt), [this, kind = presented.kind, done = std::move(done)](const PasswordAnswer& answer) {
    done(judge_password(answer, kind));
  });
}

Verdict Authenticator::judge_token(const Presented& presented, std::string_view address) {
  Session* session = find_session(presented.token, address);
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
  if (!std::holds_alternative<Proven>(answer)) return refuse(forbidden(), kind);
  const User* user = users_.find(std::get<Proven>(answer).uid);
  if (user == nullptr) return refuse(forbidden(), kind);
  Verdict verdict;
  verdict.principal = principal_of(*user, kind);
  verdict.presented = kind;
  return verdict;
}

Session* Authenticator::find_session(std::string_view token, std::string_view address) {
  const auto key = tokens_.key_of(token);
  return key ? sessions_.find(*key, address) : nullptr;
}

Authenticator::Try Authenticator::make_try(std::string user, base::Secret password, std::string_view address,
                                           std::string door, std::optional<std::string> code) const {
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
  attempt.question = {std::move(user), usable ? known->hash : dummy_hash_, std::move(password)};
  attempt.name = checker_.name_of(attempt.question);
  attempt.code = std::move(code);
  return attempt;
}

std::optional<Authenticator::PasswordAnswer> Authenticator::answer_now(const Try& attempt) {
  // The throttle is asked first: a remembered answer must not turn a blocked guesser's right guess into a yes.
  if (throttle_on_) {
    const std::int64_t wait = throttle_.wait_ms(attempt.question.user, attempt.address);
    if (wait > 0) {
      audit_.note({.event = "login.refused",
                   .user = attempt.question.user,
                   .address = attempt.address,
                   .door = attempt.door,
                   .detail = "too many failures"});
      return PasswordAnswer(throttled(wait));
    }
  }
  if (!checker_.remembers(attempt.name)) return std::nullopt;
  const User* user = users_.find(attempt.question.user);
  if (user == nullptr || user->totp_key.empty()) return judge(attempt, true);
  // The password is known to be right: what is guessed now is the code, and each guess counts.
  if (throttle_on_ && !throttle_.begin(attempt.question.user, attempt.address)) return PasswordAnswer(throttled(1000));
  PasswordAnswer answer = judge(attempt, true);
  count(attempt, answer, throttle_on_);
  return answer;
}

void Authenticator::answer_later(Try attempt, PasswordDone done) {
  if (auto answer = answer_now(attempt)) return done(std::move(*answer));
  // Who joins a check under way makes no guess of his own: it counts once, for whoever asked first.
  // But where a code stands behind the password, each is a guess.
  const bool pending = checker_.is_pending(attempt.name);
  const bool counts = throttle_on_ && (!pending || has_second_factor(attempt.question.user));
  if (counts && !throttle_.begin(attempt.question.user, attempt.address)) return done(throttled(1000));
  const auto kept = std::make_shared<Try>(std::move(attempt));
  const auto shared_done = std::make_shared<PasswordDone>(std::move(done));
  const bool has_place = !pending && take_place(*kept);
  const auto finish = [this, kept, shared_done, counts, has_place](bool matches) {
    if (has_place) leave_place(*kept);
    PasswordAnswer answer = judge(*kept, matches);
    count(*kept, answer, counts);
    (*shared_done)(std::move(answer));
  };
  if ((pending || has_place) && checker_.check(kept->name, kept->question, finish)) return;
  if (has_place) leave_place(*kept);
  if (counts) throttle_.cancelled(kept->question.user, kept->address);
  (*shared_done)(too_busy());
}

bool Authenticator::has_second_factor(const std::string& user) const {
  const User* known = users_.find(user);
  return known != nullptr && !known->totp_key.empty();
}

// One argon2 runs at a time, and a few dozen may wait: a network may have some of the places, and the last are for
// those who have logged in from where they are before (S-05).
bool Authenticator::take_place(const Try& attempt) {
  const bool known = throttle_.is_good(attempt.question.user, attempt.address);
  const std::size_t places = limits::kPasswordChecksWaitingMax - (known ? 0 : limits::kPasswordPlacesOfKnown);
  if (places_taken_ >= places) return false;
  std::size_t& of_network = places_[base::peer_network(attempt.address, base::Ipv4Part::kNetwork24)];
  if (of_network >= limits::kPasswordChecksPerNetworkMax) return false;
  ++of_network;
  ++places_taken_;
  return true;
}

void Authenticator::leave_place(const Try& attempt) {
  const auto network = places_.find(base::peer_network(attempt.address, base::Ipv4Part::kNetwork24));
  if (--network->second == 0) places_.erase(network);
  --places_taken_;
}

// Ends a try that the throttle knows of, and notes a refusal.
void Authenticator::count(const Try& attempt, const PasswordAnswer& answer, bool throttled) {
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
Authenticator::PasswordAnswer Authenticator::judge(const Try& attempt, bool matches) {
  const User* user = users_.find(attempt.question.user);
  if (!matches || user == nullptr || user->hash.empty() || user->hash != attempt.question.hash) return forbidden();
  if (!user->enabled) return Locked();
  if (!user->totp_key.empty()) return judge_code(attempt, *user);
  return Proven{user->uid, user->generation};
}

Authenticator::PasswordAnswer Authenticator::judge_code(const Try& attempt, const User& user) {
  if (!attempt.code || attempt.code->empty()) return CodeNeeded();
  const Digest account = hmac_sha256("codes of", std::to_string(user.uid));
  if (const std::int64_t wait = throttle_on_ ? codes_.wait_ms(account) : 0; wait > 0) return throttled(wait);
  const auto step = find_totp_step(user.totp_key, *attempt.code, clock_.wall_ms());
  if (!step) {
    codes_.fail(account);
    return forbidden();
  }
  codes_.forget(account);
  if (attempt.door == kRequestDoor) {
    if (!totp_uses_.take_for_request(user.totp_key, *step, user.totp_step, attempt.address)) return forbidden();
    return Proven{user.uid, user.generation};
  }
  if (!totp_uses_.take_for_session(user.totp_key, *step, user.totp_step)) return forbidden();
  return Proven{user.uid, user.generation, *step};
}

void Authenticator::log_in(LoginAttempt attempt, std::function<void(LoginOutcome)> done) {
  Try password = make_try(attempt.user, std::move(attempt.password), attempt.client_address, attempt.door,
                          std::move(attempt.code));
  answer_later(std::move(password),
               [this, attempt = std::move(attempt), done = std::move(done)](const PasswordAnswer& answer) {
                 if (const auto* proven = std::get_if<Proven>(&answer)) return open_session(attempt, *proven, done);
                 LoginOutcome outcome;
                 const auto* failure = std::get_if<Failure>(&answer);
                 outcome.refusal = failure == nullptr ? forbidden() : *failure;
                 outcome.code_needed = std::holds_alternative<CodeNeeded>(answer);
                 outcome.locked = std::holds_alternative<Locked>(answer);
                 done(std::move(outcome));
               });
}

void Authenticator::check_password(std::string user, base::Secret password, const std::string& address,
                                   std::function<void(std::optional<exchange::Failure>)> done) {
  answer_later(make_try(std::move(user), std::move(password), address, kRequestDoor),
               [done = std::move(done)](const PasswordAnswer& answer) {
                 const auto* failure = std::get_if<Failure>(&answer);
                 if (std::holds_alternative<Proven>(answer)) return done(std::nullopt);
                 done(failure == nullptr ? forbidden() : *failure);
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
