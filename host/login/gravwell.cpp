#include "login/gravwell.hpp"

#include <backplane/json.hpp>
#include <memory>
#include <string_view>
#include <utility>

#include "exchange/dialects/styles.hpp"
#include "http/body/forms.hpp"
#include "http/openapi.hpp"
#include "http/router.hpp"
#include "login/gravwell_sessions.hpp"

namespace backplane::login {
namespace {

using exchange::Failure;
using exchange::Response;
using sdk::JsonForm;
using sdk::JsonWriter;
using OperationPointer = std::shared_ptr<op::Operation>;

constexpr std::string_view kWrongCredentials = "Invalid username or password";  // the documented text

// Go's decoder reads names without regard to case; the usual spellings are enough for people.
std::string field(const exchange::Request& request, std::string_view name) {
  for (const exchange::Field& each : request.fields) {
    if (exchange::same_name(each.name, name)) return each.value;
  }
  return {};
}

std::string failed_login(std::string_view reason) {
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  json.key("LoginStatus").boolean(false);
  json.key("Reason").string(reason);
  json.end_object();
  return json.take();
}

std::string second_factor_needed() {
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  json.key("LoginStatus").boolean(false);
  json.key("Reason").string("A second factor is needed");
  json.key("MFARequired").boolean(true);
  json.key("AcceptedAuthTypes").begin_array();
  json.string("TOTP");
  json.end_array();
  json.end_object();
  return json.take();
}

class GravwellDoor {
 public:
  GravwellDoor(auth::Authenticator& authenticator, config::GravwellSettings compat, config::SessionLimits limits)
      : authenticator_(authenticator), compat_(compat), limits_(limits) {}

  void log_in(const OperationPointer& operation) const { log_in_with(operation, ""); }

  void log_in_with_code(const OperationPointer& operation) const {
    const exchange::Request& request = operation->request();
    if (field(request, "AuthType") != "TOTP") {
      operation->fail(Failure{base::Error::kInvalid, "AuthType must be TOTP here"});
      return;
    }
    log_in_with(operation, field(request, "AuthCode"));
  }

  void log_out(const OperationPointer& operation) const {
    const exchange::Principal& principal = *operation->request().principal;
    operation->outlive_session();
    if (principal.session == 0) {  // a password or a Unix peer has no session to end
      operation->respond(gravwell_answer(200, "{}"));
      return;
    }
    authenticator_.log_out_session(principal.session, when_ended(operation));
  }

  void log_out_everywhere(const OperationPointer& operation) const {
    operation->outlive_session();
    authenticator_.log_out_user(operation->request().principal->uid, when_ended(operation));
  }

 private:
  void log_in_with(const OperationPointer& operation, std::string code) const {
    const exchange::Request& request = operation->request();
    if (http::form_kind(request.header("Content-Type"), request.body) == http::FormKind::kOther) {
      operation->fail(Failure{base::Error::kInvalid, "send User and Pass as a JSON object or as a form"});
      return;
    }
    auth::LoginAttempt attempt;
    attempt.user = field(request, "User");
    attempt.password = base::Secret(field(request, "Pass"));
    attempt.code = std::move(code);
    attempt.client_address = request.client_address;
    attempt.door = "gravwell";
    attempt.lifetime_s = limits_.lifetime_s;
    attempt.idle_s = limits_.idle_s;
    attempt.user_agent = request.header("User-Agent");
    attempt.token_form = form_for(request);
    attempt.issuer = "Backplane";
    authenticator_.log_in(
        std::move(attempt),
        [&authenticator = authenticator_, operation, status = compat_.login_failure_status](
            const auth::LoginOutcome& outcome) { finish_login(authenticator, *operation, outcome, status); });
  }

  // The Go client reads hex tokens and can do nothing with others (gravwell.md §3).
  auth::TokenForm form_for(const exchange::Request& request) const {
    switch (compat_.token_format) {
      case config::TokenFormat::kRfc7519:
        return auth::TokenForm::kRfc7519;
      case config::TokenFormat::kGravwell:
        return auth::TokenForm::kGravwell;
      case config::TokenFormat::kAuto:
        break;
    }
    const std::string_view agent = request.header("User-Agent");
    const bool go_client =
        agent.starts_with("GravwellCLI") || (request.path == "/api/login/mfa" && agent.starts_with("Go-http-client"));
    return go_client ? auth::TokenForm::kGravwell : auth::TokenForm::kRfc7519;
  }

  static void finish_login(auth::Authenticator& authenticator, op::Operation& operation,
                           const auth::LoginOutcome& outcome, int failure_status) {
    if (outcome.code_needed) {
      operation.respond(gravwell_answer(200, second_factor_needed()));
      return;
    }
    if (outcome.locked) {
      operation.respond(gravwell_answer(423, failed_login("The account is locked")));
      return;
    }
    if (outcome.refusal) {
      const bool wrong = outcome.refusal->error == base::Error::kForbidden;
      Response response = gravwell_answer(wrong ? failure_status : 503,
                                          failed_login(wrong ? kWrongCredentials : outcome.refusal->text));
      if (outcome.refusal->error == base::Error::kThrottled) response.status = 429;
      if (outcome.refusal->retry_after_s >= 0) {
        response.headers.push_back({"Retry-After", std::to_string(outcome.refusal->retry_after_s)});
      }
      if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
      operation.respond(std::move(response));
      return;
    }
    JsonWriter json(JsonForm::kCompact);
    json.begin_object();
    json.key("LoginStatus").boolean(true);
    json.key("JWT").string(outcome.token.reveal());
    json.end_object();
    // Nobody will ever use a token that could not be handed over.
    if (operation.respond(gravwell_answer(200, json.take()))) {
      authenticator.log_out_session(outcome.session, [](const auto&) {});
    }
  }

  static std::function<void(base::Checked<void>)> when_ended(const OperationPointer& operation) {
    return [operation](const base::Checked<void>& ended) {
      if (ended || ended.error().code == base::Error::kNotFound) {
        operation->respond(gravwell_answer(200, "{}"));
      } else {
        operation->fail(Failure{base::Error::kUnavailable, "The logout could not be stored"});
      }
    };
  }

  auth::Authenticator& authenticator_;
  const config::GravwellSettings compat_;
  const config::SessionLimits limits_;
};

http::Handler constant(std::string body) {
  return
      [body = std::move(body)](const OperationPointer& operation) { operation->respond(gravwell_answer(200, body)); };
}

void answer_empty(const OperationPointer& operation) {
  operation->respond({});
}

// The versions that its clients look at before they log in. Ours stand for the build; the API is theirs.
std::string version_body() {
  return R"({"API":{"Major":0,"Minor":2},"Build":{"Major":5,"Minor":9,"Point":0}})";
}

std::vector<http::Route> login_routes(const std::shared_ptr<const GravwellDoor>& door) {
  return {
      {.id = "gravwell-login",
       .method = "POST",
       .pattern = "/api/login",
       .scope = http::kPublicScope,
       .style = exchange::kGravwellStyle,
       .body = http::BodyKind::kFields,
       .operation_json =
           http::openapi_operation("Logs in with User and Pass, as JSON or as a form; answers a JWT", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_in(operation); }},
      {.id = "gravwell-login-mfa",
       .method = "POST",
       .pattern = "/api/login/mfa",
       .scope = http::kPublicScope,
       .style = exchange::kGravwellStyle,
       .body = http::BodyKind::kFields,
       .operation_json = http::openapi_operation("Logs in with User, Pass, AuthType TOTP and AuthCode", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_in_with_code(operation); }},
      {.id = "gravwell-logout",
       .method = "PUT",
       .pattern = "/api/logout",
       .scope = "sessions.own",
       .style = exchange::kGravwellStyle,
       .operation_json = http::openapi_operation("Ends this session", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_out(operation); }},
      {.id = "gravwell-logout-all",
       .method = "DELETE",
       .pattern = "/api/logout",
       .scope = "sessions.own",
       .style = exchange::kGravwellStyle,
       .operation_json = http::openapi_operation("Ends all sessions of the user", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_out_everywhere(operation); }},
  };
}

// What its clients ask around a login.
std::vector<http::Route> question_routes() {
  return {
      {.id = "gravwell-test",
       .method = "GET",
       .pattern = "/api/test",
       .scope = http::kPublicScope,
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("Says that the daemon is there", "login"),
       .handler = answer_empty},
      {.id = "gravwell-version",
       .method = "GET",
       .pattern = "/api/version",
       .scope = http::kPublicScope,
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("The version of this API", "login"),
       .handler = constant(version_body())},
      {.id = "gravwell-testauth",
       .method = "GET",
       .pattern = "/api/testauth",
       .scope = "sessions.own",
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("Says whether the credential is good", "login"),
       .handler = answer_empty},
      {.id = "gravwell-settings",
       .method = "GET",
       .pattern = "/api/settings",
       .scope = "sessions.own",
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("What Gravwell's clients ask at login", "login"),
       .handler = constant("{}")},
  };
}

}  // namespace

std::vector<http::Route> gravwell_routes(auth::Authenticator& authenticator, const config::GravwellSettings& compat,
                                         const config::SessionLimits& limits) {
  std::vector<http::Route> all;
  http::append(all, login_routes(std::make_shared<const GravwellDoor>(authenticator, compat, limits)));
  http::append(all, question_routes());
  http::append(all, gravwell_session_routes(authenticator));
  return all;
}

}  // namespace backplane::login
