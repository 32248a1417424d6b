#include "login/dragonmint.hpp"

#include <algorithm>
#include <backplane/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/dialects/styles.hpp"
#include "http/openapi.hpp"

namespace backplane::login {
namespace {

using exchange::Failure;
using exchange::Response;
using sdk::JsonForm;
using sdk::JsonWriter;
using OperationPointer = std::shared_ptr<op::Operation>;

Response json_answer(std::string body) {
  Response response;
  response.content_type = "application/json";  // as the original says it
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = std::move(body);
  return response;
}

// Refusals are answers with status 200 here, but for wrong credentials if the owner chose real statuses.
void refuse(op::Operation& operation, std::string_view message, bool credentials = false) {
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  json.key("success").boolean(false);
  json.key("message").string(message);
  json.end_object();
  Response response = json_answer(json.take());
  if (credentials && operation.style().login_refusal_status == 0) response.status = 403;
  operation.respond(std::move(response));
}

const std::string* field(const exchange::Request& request, std::string_view name) {
  const exchange::Field* found = exchange::find_field(request.fields, name);
  return found == nullptr ? nullptr : &found->value;
}

std::string field_or_empty(const exchange::Request& request, std::string_view name) {
  const std::string* value = field(request, name);
  return value == nullptr ? std::string() : *value;
}

// The original drops every other character from a user's name before it looks for it (dragonmint.md §2.1).
std::string cleaned_name(std::string_view name) {
  std::string cleaned;
  for (const char c : name) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (kept) cleaned += c;
  }
  return cleaned;
}

class DragonmintDoor {
 public:
  DragonmintDoor(auth::Authenticator& authenticator, config::SessionLimits limits)
      : authenticator_(authenticator), limits_(limits) {}

  void log_in(const OperationPointer& operation) const {
    const exchange::Request& request = operation->request();
    const std::string* name = field(request, "username");
    const std::string* password = field(request, "password");
    if (name == nullptr || password == nullptr || name->empty() || password->empty()) {
      return refuse(*operation, "missing username/password fields");
    }
    auth::LoginAttempt attempt;
    attempt.user = authenticator_.users().find(*name) != nullptr ? *name : cleaned_name(*name);
    attempt.password = base::Secret(*password);
    attempt.client_address = request.client_address;
    attempt.door = "dragonmint";
    attempt.lifetime_s = limits_.lifetime_s;
    attempt.idle_s = limits_.idle_s;
    attempt.dies_with_boot = true;
    attempt.user_agent = request.header("User-Agent");
    attempt.token_form = auth::TokenForm::kRfc7519;
    attempt.issuer = "DragonMint";
    authenticator_.log_in(std::move(attempt),
                          [&authenticator = authenticator_, operation](const auth::LoginOutcome& outcome) {
                            finish_login(authenticator, *operation, outcome);
                          });
  }

  // In the original's order (dragonmint.md §3): the admin's password, the user, the new password.
  void update_password(const OperationPointer& operation) const {
    const exchange::Request& request = operation->request();
    operation->outlive_session();
    authenticator_.check_password(request.principal->user, base::Secret(field_or_empty(request, "currentPassword")),
                                  request.client_address,
                                  [&authenticator = authenticator_, operation](const std::optional<Failure>& wrong) {
                                    if (!wrong) return set_password(authenticator, operation);
                                    if (wrong->error == base::Error::kForbidden)
                                      return refuse(*operation, "wrong current password");
                                    operation->fail(*wrong);
                                  });
  }

 private:
  static void finish_login(auth::Authenticator& authenticator, op::Operation& operation,
                           const auth::LoginOutcome& outcome) {
    if (outcome.refusal) {
      // Which of the two was wrong is not told (S-20); the original says it, and its clients look at `success` alone.
      if (outcome.refusal->error == base::Error::kForbidden) return refuse(operation, "invalid password", true);
      operation.fail(*outcome.refusal);
      return;
    }
    JsonWriter json(JsonForm::kCompact);
    json.begin_object();
    json.key("success").boolean(true);
    json.key("jwt").string(outcome.token.reveal());
    json.end_object();
    // Nobody will ever use a token that could not be handed over.
    if (operation.respond(json_answer(json.take()))) authenticator.log_out_session(outcome.session, [](const auto&) {});
  }

  static void set_password(auth::Authenticator& authenticator, const OperationPointer& operation) {
    const exchange::Request& request = operation->request();
    const std::string user = field_or_empty(request, "user");
    const bool known = (user == "admin" || user == "guest") && authenticator.users().find(user) != nullptr;
    if (!known) return refuse(*operation, "invalid user");
    base::Secret password(field_or_empty(request, "newPassword"));
    authenticator.users().set_password(
        user, std::move(password), [&authenticator, operation, user](const auto& changed) {
          if (!changed) {
            const bool invalid = changed.error().code == base::Error::kInvalid;
            return refuse(*operation, invalid ? "invalid new password" : "cant update the password");
          }
          const exchange::Request& request = operation->request();
          authenticator.audit().note({.event = "user.changed",
                                      .user = request.principal->user,
                                      .address = request.client_address,
                                      .door = "dragonmint",
                                      .detail = "password of " + user});
          operation->respond(json_answer(R"({"success":true})"));
        });
  }

  auth::Authenticator& authenticator_;
  const config::SessionLimits limits_;
};

}  // namespace

exchange::ErrorStyle dragonmint_style(const config::DragonmintSettings& compat) {
  exchange::ErrorStyle style = exchange::kDragonmintStyle;
  if (compat.http_status == config::DragonmintStatus::kStandard) style.login_refusal_status = 0;
  return style;
}

std::vector<http::Route> dragonmint_routes(auth::Authenticator& authenticator, const config::DragonmintSettings& compat,
                                           const config::SessionLimits& limits) {
  const auto door = std::make_shared<const DragonmintDoor>(authenticator, limits);
  const exchange::ErrorStyle style = dragonmint_style(compat);
  return {
      {.id = "dragonmint-login",
       .method = "POST",
       .pattern = "/api/auth",
       .scope = http::kPublicScope,
       .style = style,
       .body = http::BodyKind::kFields,
       .operation_json = http::openapi_operation(
           "Logs in with the fields username and password; answers a JWT for six hours", "login"),
       .handler = [door](const OperationPointer& operation) { door->log_in(operation); }},
      {.id = "dragonmint-password",
       .method = "POST",
       .pattern = "/api/updatePassword",
       .scope = "users.manage",
       .style = style,
       .body = http::BodyKind::kFields,
       .operation_json = http::openapi_operation(
           "Sets the password of admin or guest; fields user, currentPassword (the admin's) and newPassword", "login"),
       .handler = [door](const OperationPointer& operation) { door->update_password(operation); }},
  };
}

}  // namespace backplane::login
