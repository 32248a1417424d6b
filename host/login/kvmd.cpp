#include "login/kvmd.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dialects/kvmd/answer.hpp"
#include "dialects/kvmd/validators.hpp"
#include "exchange/dialects/styles.hpp"
#include "http/body/forms.hpp"
#include "http/openapi.hpp"

namespace backplane::login {
namespace {

namespace kvmd = dialects::kvmd;
using exchange::Failure;
using exchange::Response;
using OperationPointer = std::shared_ptr<op::Operation>;

// What every accepted request of this door answers: kvmd's empty result, 36 bytes, made once.
// The answer to everyone who is let through is the same: the host gives it from its copy.
constexpr std::int64_t kCheckFreshMs = 60'000;

Response empty_result() {
  static const auto kBody = std::make_shared<const std::string>(kvmd::answer(kvmd::Value::Object()));
  Response response;
  response.content_type = exchange::kJsonType;
  response.shared_body = kBody;
  return response;
}

Failure failure_of(const base::Problem& problem) {
  return Failure{problem.code, problem.text};
}

base::Problem refused(const sdk::Failure& failure) {
  return base::problem(base::Error::kInvalid, failure.text);
}

std::string_view value_of(const std::vector<exchange::Field>* fields, std::string_view name,
                          std::string_view otherwise) {
  const exchange::Field* field = fields == nullptr ? nullptr : exchange::find_field(*fields, name);
  return field == nullptr ? otherwise : std::string_view(field->value);
}

std::int64_t lesser_limit(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return std::max(a, b);  // 0: no limit
  return std::min(a, b);
}

std::string session_cookie(const base::Secret& token, bool tls) {
  return "auth_token=" + token.reveal() + "; HttpOnly; Path=/; SameSite=Strict" + (tls ? "; Secure" : "");
}

// The form of a login, once all of it is valid.
struct LoginForm {
  std::string user;
  base::Secret password;
  std::int64_t expire_s = 0;
  std::string redirect;  // empty: none
};

class KvmdDoor {
 public:
  KvmdDoor(auth::Authenticator& authenticator, config::KvmdSettings compat, config::SessionLimits limits)
      : authenticator_(authenticator), compat_(std::move(compat)), limits_(limits) {}

  void log_in(const OperationPointer& operation) const {
    auto form = read_form(operation->request());
    if (!form) {
      operation->fail(failure_of(form.error()));
      return;
    }
    const exchange::Request& request = operation->request();
    auth::LoginAttempt attempt;
    attempt.user = std::move(form->user);
    attempt.password = std::move(form->password);
    attempt.client_address = request.client_address;
    attempt.door = "kvmd";
    attempt.lifetime_s = lesser_limit(form->expire_s, limits_.lifetime_s);
    attempt.idle_s = limits_.idle_s;
    attempt.user_agent = request.header("User-Agent");
    authenticator_.log_in(
        std::move(attempt),
        [&authenticator = authenticator_, operation, redirect = std::move(form->redirect)](
            const auth::LoginOutcome& outcome) { finish_login(authenticator, *operation, outcome, redirect); });
  }

  void log_out(const OperationPointer& operation) const {
    const auto session = session_to_end(operation->request());
    if (!session) {
      operation->fail(failure_of(session.error()));
      return;
    }
    if (!session->has_value()) {
      operation->respond(empty_result());
      return;
    }
    operation->outlive_session();
    const auto done = [operation](const base::Checked<void>& ended) {
      // Gone already is as good as ended now.
      if (ended || ended.error().code == base::Error::kNotFound) {
        operation->respond(empty_result());
      } else {
        operation->fail(Failure{base::Error::kUnavailable, "The logout could not be stored"});
      }
    };
    if (compat_.logout == config::KvmdLogout::kSession) {
      authenticator_.log_out_session((*session)->id, done);
    } else {
      authenticator_.log_out_user((*session)->uid, done);
    }
  }

 private:
  struct SessionName {
    std::uint64_t id;
    std::int32_t uid;
  };

  // kvmd looks at no other kinds of body and at no query; what is missing is an empty user.
  base::Checked<LoginForm> read_form(const exchange::Request& request) const {
    const http::FormKind kind = http::form_kind(request.header("Content-Type"), request.body);
    const bool counts = kind == http::FormKind::kUrlencoded || kind == http::FormKind::kMultipart;
    const auto* fields = counts ? &request.fields : nullptr;
    const auto user = kvmd::valid_user(value_of(fields, "user", ""));
    if (!user) return refused(user.failure());
    const auto password = kvmd::valid_password(value_of(fields, "passwd", ""));
    if (!password) return refused(password.failure());
    LoginForm form{std::string(*user), base::Secret(*password)};
    if (compat_.api_version < 4) return form;  // kvmd 3 knows neither expire nor redirect

    const auto expire = kvmd::valid_int(value_of(fields, "expire", "0"), "expiration time", 0, compat_.api_version);
    if (!expire) return refused(expire.failure());
    form.expire_s = *expire;
    const std::string_view redirect = value_of(fields, "redirect", "");
    if (redirect.empty()) return form;
    const auto target = kvmd::valid_choice(redirect, "login redirect", compat_.redirects);
    if (!target) return refused(target.failure());
    form.redirect = *target;
    return form;
  }

  static void finish_login(auth::Authenticator& authenticator, op::Operation& operation,
                           const auth::LoginOutcome& outcome, const std::string& redirect) {
    if (outcome.refusal) {
      operation.fail(*outcome.refusal);
      return;
    }
    Response response;
    if (redirect.empty()) {
      response = empty_result();
    } else {
      response.status = 302;
      response.content_type = exchange::kTextType;
      response.body = "302: Found";
      response.headers.push_back({"Location", redirect});
    }
    response.headers.push_back({"Set-Cookie", session_cookie(outcome.token, operation.request().peer.tls)});
    // Nobody will ever use a token that could not be handed over.
    if (operation.respond(std::move(response))) authenticator.log_out_session(outcome.session, [](const auto&) {});
  }

  // Nothing if the cookie's session is over already: then there is nothing to end.
  base::Checked<std::optional<SessionName>> session_to_end(const exchange::Request& request) const {
    const exchange::Principal& principal = *request.principal;
    if (principal.session != 0) return std::optional(SessionName{principal.session, principal.uid});
    const auto token = kvmd::valid_token(request.cookie("auth_token"));
    if (!token) return refused(token.failure());
    const auth::Session* session = authenticator_.find_session(*token, request.client_address);
    if (session == nullptr) return std::optional<SessionName>();
    return std::optional(SessionName{session->id, session->uid});
  }

  auth::Authenticator& authenticator_;
  const config::KvmdSettings compat_;
  const config::SessionLimits limits_;
};

// Who is let through is decided before any copy of the answer is looked for.
void say_good(const OperationPointer& operation) {
  Response response = empty_result();
  response.fresh_ms = kCheckFreshMs;
  operation->respond(std::move(response));
}

}  // namespace

std::vector<http::Route> kvmd_routes(auth::Authenticator& authenticator, const config::KvmdSettings& compat,
                                     const config::SessionLimits& limits) {
  const auto door = std::make_shared<const KvmdDoor>(authenticator, compat, limits);
  return {
      {.id = "kvmd-login",
       .method = "POST",
       .pattern = "/api/auth/login",
       .scope = http::kPublicScope,
       .style = exchange::kKvmdStyle,
       .body = http::BodyKind::kFields,
       .operation_json = http::openapi_operation(
           "Logs in with the form fields user and passwd, and sets the cookie auth_token", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_in(operation); }},
      {.id = "kvmd-check",
       .method = "GET",
       .pattern = "/api/auth/check",
       .scope = "sessions.own",
       .style = exchange::kKvmdStyle,
       .safe = true,
       .operation_json = http::openapi_operation("Says whether the credential is good", "login"),
       .handler = say_good},
      {.id = "kvmd-logout",
       .method = "POST",
       .pattern = "/api/auth/logout",
       .scope = "sessions.own",
       .style = exchange::kKvmdStyle,
       .operation_json = http::openapi_operation("Ends the sessions of the user, or this one, as configured", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_out(operation); }},
  };
}

}  // namespace backplane::login
