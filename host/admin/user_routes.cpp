#include "admin/user_routes.hpp"

#include <algorithm>
#include <backplane/json.hpp>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/crypto/totp.hpp"
#include "http/openapi.hpp"

namespace backplane::admin {
namespace {

using exchange::Failure;
using exchange::Response;
using sdk::JsonWriter;
using OperationPointer = std::shared_ptr<op::Operation>;

void write_user(JsonWriter& json, const auth::User& user) {
  json.begin_object();
  json.key("uid").integer(user.uid);
  json.key("name").string(user.name);
  json.key("role").string(user.role);
  json.key("enabled").boolean(user.enabled);
  json.key("password_set").boolean(!user.hash.empty());
  json.key("totp").boolean(!user.totp_key.empty());
  json.key("created_ms").integer(user.created_ms);
  json.key("password_changed_ms").integer(user.password_changed_ms);
  json.end_object();
}

Response json_response(int status, JsonWriter& json) {
  Response response;
  response.status = status;
  response.content_type = exchange::kJsonType;
  response.body = json.take();
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

constexpr std::int64_t kRetryS = 3;  // a full queue of passwords takes about that long

void refuse(op::Operation& operation, const base::Problem& problem) {
  if (problem.code == base::Error::kIo) {
    // The path of the database is for the log, not for clients.
    operation.fail(Failure{base::Error::kUnavailable, "the change could not be stored; the daemon's log says why"});
    return;
  }
  Failure failure{problem.code, problem.text};
  const bool later = problem.code == base::Error::kThrottled || problem.code == base::Error::kUnavailable;
  if (later) failure.retry_after_s = kRetryS;
  operation.fail(failure);
}

// The body must hold each of `names` once and nothing else.
base::Checked<void> check_fields(const exchange::Request& request, std::initializer_list<std::string_view> names) {
  std::string allowed;
  for (const std::string_view name : names) {
    allowed += allowed.empty() ? "" : ", ";
    allowed += name;
  }
  const auto wrong = [&](std::string what) {
    return base::problem(base::Error::kInvalid,
                         std::move(what) + "; send " + allowed + " as a JSON object or as a form");
  };
  for (const exchange::Field& field : request.fields) {
    if (std::find(names.begin(), names.end(), field.name) == names.end()) {
      return wrong("there is no field '" + field.name + "' here");
    }
  }
  for (const std::string_view name : names) {
    const auto count = std::count_if(request.fields.begin(), request.fields.end(),
                                     [&](const exchange::Field& field) { return field.name == name; });
    if (count == 0) return wrong("the field '" + std::string(name) + "' is missing");
    if (count > 1) return wrong("the field '" + std::string(name) + "' is there more than once");
  }
  return {};
}

const std::string& field(const std::vector<exchange::Field>& fields, std::string_view name) {
  static const std::string kNone;
  const exchange::Field* found = exchange::find_field(fields, name);
  return found == nullptr ? kNone : found->value;
}

void list_users(auth::Authenticator& authenticator, const OperationPointer& operation) {
  auto users = authenticator.users().list();
  std::sort(users.begin(), users.end(), [](const auth::User* a, const auth::User* b) { return a->name < b->name; });
  JsonWriter json;
  json.begin_object();
  json.key("users").begin_array();
  for (const auth::User* user : users) write_user(json, *user);
  json.end_array();
  json.end_object();
  operation->respond(json_response(200, json));
}

void audit(auth::Authenticator& authenticator, const op::Operation& operation, std::string_view event,
           const std::string& detail) {
  const exchange::Request& request = operation.request();
  authenticator.audit().note(
      {.event = event, .user = request.principal->user, .address = request.client_address, .detail = detail});
}

void add_user(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const exchange::Request& request = operation->request();
  if (const auto checked = check_fields(request, {"name", "role", "password"}); !checked) {
    return refuse(*operation, checked.error());
  }
  authenticator.users().add(field(request.fields, "name"), field(request.fields, "role"),
                            base::Secret(field(request.fields, "password")),
                            [&authenticator, operation](const base::Checked<auth::User>& added) {
                              if (!added) return refuse(*operation, added.error());
                              audit(authenticator, *operation, "user.added", added->name + " as " + added->role);
                              JsonWriter json;
                              write_user(json, *added);
                              Response response = json_response(201, json);
                              response.headers.push_back({"Location", std::string(kUsersPath) + "/" + added->name});
                              operation->respond(std::move(response));
                            });
}

// Answers a change that has nothing to show.
auth::Users::Done when_changed(auth::Authenticator& authenticator, const OperationPointer& operation,
                               const std::string& what) {
  operation->outlive_session();  // the caller may be the user
  return [&authenticator, operation, what](const base::Checked<auth::User>& changed) {
    if (!changed) return refuse(*operation, changed.error());
    audit(authenticator, *operation, "user.changed", what + " of " + changed->name);
    operation->respond(no_content());
  };
}

void set_password(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const exchange::Request& request = operation->request();
  if (const auto checked = check_fields(request, {"password"}); !checked) return refuse(*operation, checked.error());
  authenticator.users().set_password(field(request.path_parameters, "name"),
                                     base::Secret(field(request.fields, "password")),
                                     when_changed(authenticator, operation, "password"));
}

// One of the two at a time, so that a change is made whole or not at all.
void change_user(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const exchange::Request& request = operation->request();
  const std::string& name = field(request.path_parameters, "name");
  if (check_fields(request, {"role"})) {
    return authenticator.users().set_role(name, field(request.fields, "role"),
                                          when_changed(authenticator, operation, "role"));
  }
  const std::string& enabled = field(request.fields, "enabled");
  if (!check_fields(request, {"enabled"}) || (enabled != "true" && enabled != "false")) {
    return refuse(*operation, base::problem(base::Error::kInvalid,
                                            "send either role, or enabled as true or false, as a JSON object or form"));
  }
  authenticator.users().set_enabled(name, enabled == "true", when_changed(authenticator, operation, "lock"));
}

// The key is shown this once, and kept for comparing alone.
void enable_totp(auth::Authenticator& authenticator, const std::string& device, const OperationPointer& operation) {
  const std::string& name = field(operation->request().path_parameters, "name");
  operation->outlive_session();
  const base::Secret key(auth::random_bytes(auth::kTotpKeyBytes));
  authenticator.users().set_totp(
      name, key, [&authenticator, operation, key, device](const base::Checked<auth::User>& changed) {
        if (!changed) return refuse(*operation, changed.error());
        audit(authenticator, *operation, "user.changed", "second factor on of " + changed->name);
        JsonWriter json;
        json.begin_object();
        json.key("secret").string(auth::totp_key_text(key.reveal()).reveal());
        json.key("url").string(auth::totp_url(key.reveal(), changed->name, device).reveal());
        json.end_object();
        Response response = json_response(200, json);
        response.headers.push_back({"Cache-Control", "no-store"});
        operation->respond(std::move(response));
      });
}

void disable_totp(auth::Authenticator& authenticator, const OperationPointer& operation) {
  authenticator.users().set_totp(field(operation->request().path_parameters, "name"), base::Secret(std::string()),
                                 when_changed(authenticator, operation, "second factor off"));
}

void delete_user(auth::Authenticator& authenticator, const OperationPointer& operation) {
  authenticator.users().remove(field(operation->request().path_parameters, "name"),
                               when_changed(authenticator, operation, "deletion"));
}

constexpr const char* kScope = "users.manage";
constexpr std::string_view kTag = "users";

constexpr const char* kAddJson =
    R"({"summary":"Adds a user","tags":["users"],"requestBody":{"required":true,"content":{"application/json":)"
    R"({"schema":{"type":"object","required":["name","role","password"],"additionalProperties":false,"properties":)"
    R"({"name":{"type":"string"},"role":{"type":"string"},"password":{"type":"string","format":"password"}}}}}}})";
constexpr const char* kPasswordJson =
    R"({"summary":"Sets a password and ends the user's sessions","tags":["users"],"requestBody":{"required":true,)"
    R"("content":{"application/json":{"schema":{"type":"object","required":["password"],)"
    R"("additionalProperties":false,"properties":{"password":{"type":"string","format":"password"}}}}}}})";
constexpr const char* kChangeJson =
    R"({"summary":"Sets the role of a user, or enables or disables it; its sessions end","tags":["users"],)"
    R"("requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","properties":)"
    R"({"role":{"type":"string"},"enabled":{"type":"boolean"}}}}}}})";

}  // namespace

std::vector<http::Route> user_routes(auth::Authenticator& authenticator, const std::string& device) {
  const auto with = [&authenticator](auto answer) {
    return [&authenticator, answer](const OperationPointer& operation) { answer(authenticator, operation); };
  };
  const auto below = [](const char* path) { return std::string(kUsersPath) + path; };
  return {
      {.id = "user-list",
       .method = "GET",
       .pattern = kUsersPath,
       .scope = kScope,
       .safe = true,
       .operation_json = http::openapi_operation("Lists the users", kTag),
       .handler = with(list_users)},
      {.id = "user-add",
       .method = "POST",
       .pattern = kUsersPath,
       .scope = kScope,
       .body = http::BodyKind::kFields,
       .operation_json = kAddJson,
       .handler = with(add_user)},
      {.id = "user-password",
       .method = "PUT",
       .pattern = below("/{name}/password"),
       .scope = kScope,
       .body = http::BodyKind::kFields,
       .operation_json = kPasswordJson,
       .handler = with(set_password)},
      {.id = "user-change",
       .method = "PATCH",
       .pattern = below("/{name}"),
       .scope = kScope,
       .body = http::BodyKind::kFields,
       .operation_json = kChangeJson,
       .handler = with(change_user)},
      {.id = "user-delete",
       .method = "DELETE",
       .pattern = below("/{name}"),
       .scope = kScope,
       .operation_json = http::openapi_operation("Deletes a user and ends its sessions", kTag),
       .handler = with(delete_user)},
      {.id = "user-totp-enable",
       .method = "POST",
       .pattern = below("/{name}/totp"),
       .scope = kScope,
       .operation_json = http::openapi_operation("Gives a user a second factor; shows its secret this once", kTag),
       .handler = [&authenticator, device](const auto& operation) { enable_totp(authenticator, device, operation); }},
      {.id = "user-totp-disable",
       .method = "DELETE",
       .pattern = below("/{name}/totp"),
       .scope = kScope,
       .operation_json = http::openapi_operation("Takes the second factor of a user away", kTag),
       .handler = with(disable_totp)},
  };
}

}  // namespace backplane::admin
