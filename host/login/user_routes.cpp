#include "login/user_routes.hpp"

#include <algorithm>
#include <backplane/json.hpp>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace backplane::login {
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

void refuse(op::Operation& operation, const base::Problem& problem) {
  Failure failure{problem.code, problem.text};
  if (problem.code == base::Error::kIo) {
    // The path of the database is for the log, not for clients.
    failure = Failure{base::Error::kUnavailable, "the change could not be stored; the daemon's log says why"};
  }
  if (problem.code == base::Error::kThrottled) failure.retry_after_s = 3;
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

void list_users(auth::Authenticator& authenticator, op::Operation& operation) {
  auto users = authenticator.users().list();
  std::sort(users.begin(), users.end(), [](const auth::User* a, const auth::User* b) { return a->name < b->name; });
  JsonWriter json;
  json.begin_object();
  json.key("users").begin_array();
  for (const auth::User* user : users) write_user(json, *user);
  json.end_array();
  json.end_object();
  operation.respond(json_response(200, json));
}

void add_user(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const exchange::Request& request = operation->request();
  if (const auto checked = check_fields(request, {"name", "role", "password"}); !checked) {
    return refuse(*operation, checked.error());
  }
  authenticator.users().add(field(request.fields, "name"), field(request.fields, "role"),
                            base::Secret(field(request.fields, "password")),
                            [operation](const base::Checked<auth::User>& added) {
                              if (!added) return refuse(*operation, added.error());
                              JsonWriter json;
                              write_user(json, *added);
                              Response response = json_response(201, json);
                              response.headers.push_back({"Location", std::string(kUsersPath) + "/" + added->name});
                              operation->respond(std::move(response));
                            });
}

// Answers a change that has nothing to show.
auth::Users::Done when_changed(const OperationPointer& operation) {
  operation->outlive_session();  // the caller may be the user
  return [operation](const base::Checked<auth::User>& changed) {
    if (!changed) return refuse(*operation, changed.error());
    operation->respond(no_content());
  };
}

void set_password(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const exchange::Request& request = operation->request();
  if (const auto checked = check_fields(request, {"password"}); !checked) return refuse(*operation, checked.error());
  authenticator.users().set_password(field(request.path_parameters, "name"),
                                     base::Secret(field(request.fields, "password")), when_changed(operation));
}

void delete_user(auth::Authenticator& authenticator, const OperationPointer& operation) {
  authenticator.users().remove(field(operation->request().path_parameters, "name"), when_changed(operation));
}

http::Route user_route(std::string id, std::string method, const std::string& below, std::string operation_json) {
  http::Route route;
  route.id = std::move(id);
  route.owner = "host";
  route.method = std::move(method);
  route.pattern = kUsersPath + below;
  route.scope = "users.manage";
  route.operation_json = std::move(operation_json);
  return route;
}

}  // namespace

std::vector<http::Route> user_routes(auth::Authenticator& authenticator) {
  http::Route list = user_route("user-list", "GET", "", R"({"summary":"Lists the users","tags":["users"]})");
  list.safe = true;
  list.handler = [&authenticator](const OperationPointer& operation) { list_users(authenticator, *operation); };

  http::Route add = user_route(
      "user-add", "POST", "",
      R"({"summary":"Adds a user","tags":["users"],"requestBody":{"required":true,"content":{"application/json":)"
      R"({"schema":{"type":"object","required":["name","role","password"],"additionalProperties":false,"properties":)"
      R"({"name":{"type":"string"},"role":{"type":"string"},"password":{"type":"string","format":"password"}}}}}}})");
  add.body = http::BodyKind::kFields;
  add.handler = [&authenticator](const OperationPointer& operation) { add_user(authenticator, operation); };

  http::Route password = user_route(
      "user-password", "PUT", "/{name}/password",
      R"({"summary":"Sets a password and ends the user's sessions","tags":["users"],"requestBody":{"required":true,)"
      R"("content":{"application/json":{"schema":{"type":"object","required":["password"],)"
      R"("additionalProperties":false,"properties":{"password":{"type":"string","format":"password"}}}}}}})");
  password.body = http::BodyKind::kFields;
  password.handler = [&authenticator](const OperationPointer& operation) { set_password(authenticator, operation); };

  http::Route remove = user_route("user-delete", "DELETE", "/{name}",
                                  R"({"summary":"Deletes a user and ends its sessions","tags":["users"]})");
  remove.handler = [&authenticator](const OperationPointer& operation) { delete_user(authenticator, operation); };

  std::vector<http::Route> routes;
  routes.push_back(std::move(list));
  routes.push_back(std::move(add));
  routes.push_back(std::move(password));
  routes.push_back(std::move(remove));
  return routes;
}

}  // namespace backplane::login
