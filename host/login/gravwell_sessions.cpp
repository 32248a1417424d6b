#include "login/gravwell_sessions.hpp"

#include <backplane/json.hpp>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "exchange/dialects/styles.hpp"
#include "http/openapi.hpp"
#include "login/gravwell.hpp"

namespace backplane::login {
namespace {

using exchange::Failure;
using sdk::JsonForm;
using sdk::JsonWriter;
using OperationPointer = std::shared_ptr<op::Operation>;

constexpr std::string_view kManagesUsers = "users.manage";
constexpr const char* kScope = "sessions.own";

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::string_view parameter(const exchange::Request& request, std::string_view name) {
  const exchange::Field* found = exchange::find_field(request.path_parameters, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

// The user that the path names, if the caller may look at his sessions; else the operation has been refused. Who is
// no admin learns nothing of whether others exist: 403 for all of them.
const auth::User* user_of(auth::Authenticator& authenticator, op::Operation& operation) {
  const exchange::Request& request = operation.request();
  std::int32_t uid = 0;
  if (!read_number(parameter(request, "id"), uid)) {
    operation.fail(Failure{base::Error::kInvalid, "the user's id must be a number"});
    return nullptr;
  }
  const exchange::Principal& caller = *request.principal;
  if (caller.uid != uid && !caller.may(kManagesUsers)) {
    operation.fail(Failure{base::Error::kForbidden, "only an admin may see the sessions of others"});
    return nullptr;
  }
  const auth::User* user = authenticator.users().find(uid);
  if (user == nullptr) operation.fail(Failure{base::Error::kNotFound, "there is no such user"});
  return user;
}

void write_session(JsonWriter& json, const auth::Sessions& sessions, const auth::Session& session, bool detail,
                   std::uint64_t current) {
  json.begin_object();
  json.key("LastHit").string(base::rfc3339(sessions.last_hit_wall_ms(session)));
  json.key("Origin").string(session.origin);
  json.key("Synced").boolean(false);
  json.key("TempSession").boolean(false);
  if (detail) {
    json.key("ID").integer(static_cast<std::int64_t>(session.id));
    json.key("Created").string(base::rfc3339(session.created_wall_ms));
    const auto expires_ms = sessions.expires_wall_ms(session);
    if (expires_ms) json.key("Expires").string(base::rfc3339(*expires_ms));
    json.key("UserAgent").string(session.user_agent);
    json.key("Door").string(session.door);
    json.key("Current").boolean(session.id == current);
  }
  json.end_object();
}

void list_sessions(auth::Authenticator& authenticator, op::Operation& operation) {
  const auth::User* user = user_of(authenticator, operation);
  if (user == nullptr) return;
  const exchange::Request& request = operation.request();
  const exchange::Field* wanted = exchange::find_field(request.query_fields, "detail");
  const bool detail = wanted != nullptr && wanted->value == "true";
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  json.key("Sessions").begin_array();
  for (const auth::Session* session : authenticator.sessions().of_user(user->uid)) {
    write_session(json, authenticator.sessions(), *session, detail, request.principal->session);
  }
  json.end_array();
  json.key("UID").integer(user->uid);
  json.key("User").string(user->name);
  json.end_object();
  operation.respond(gravwell_answer(200, json.take()));
}

std::function<void(base::Checked<void>)> when_ended(const OperationPointer& operation) {
  operation->outlive_session();  // it may be the caller's own
  return [operation](const base::Checked<void>& ended) {
    if (!ended) {
      const bool unknown = ended.error().code == base::Error::kNotFound;
      operation->fail(unknown ? Failure{base::Error::kNotFound, "there is no such session"}
                              : Failure{base::Error::kUnavailable, "the end could not be stored"});
      return;
    }
    operation->respond(gravwell_answer(200, "{}"));
  };
}

void end_session(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const auth::User* user = user_of(authenticator, *operation);
  if (user == nullptr) return;
  std::uint64_t id = 0;
  const bool readable = read_number(parameter(operation->request(), "sid"), id);
  const auth::Session* session = readable ? authenticator.sessions().find_id(id) : nullptr;
  if (session == nullptr || session->uid != user->uid) {
    operation->fail(Failure{base::Error::kNotFound, "there is no such session"});
    return;
  }
  authenticator.log_out_session(id, when_ended(operation));
}

void end_all_sessions(auth::Authenticator& authenticator, const OperationPointer& operation) {
  const auth::User* user = user_of(authenticator, *operation);
  if (user != nullptr) authenticator.log_out_user(user->uid, when_ended(operation));
}

void say_who(auth::Authenticator& authenticator, op::Operation& operation) {
  const exchange::Principal& caller = *operation.request().principal;
  const auth::User* user = authenticator.users().find(caller.uid);
  if (user == nullptr) {
    operation.fail(Failure{base::Error::kNotFound, "there is no such user"});
    return;
  }
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  json.key("UID").integer(user->uid);
  json.key("User").string(user->name);
  json.key("Name").string(user->name);
  json.key("Email").string("");
  json.key("Admin").boolean(caller.may(kManagesUsers));
  json.key("Locked").boolean(false);
  json.key("DefaultGID").integer(0);
  json.key("Groups").begin_array();
  json.end_array();
  json.key("MFA").begin_object();
  json.key("TOTP").begin_object();
  json.key("Enabled").boolean(!user->totp_key.empty());
  json.end_object();
  json.end_object();
  json.key("Synced").boolean(false);
  json.key("SSOUser").boolean(false);
  json.end_object();
  operation.respond(gravwell_answer(200, json.take()));
}

}  // namespace

std::vector<http::Route> gravwell_session_routes(auth::Authenticator& authenticator) {
  return {
      {.id = "gravwell-whoami",
       .method = "GET",
       .pattern = "/api/info/whoami",
       .scope = kScope,
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("Who is logged in", "login"),
       .handler = [&authenticator](const OperationPointer& operation) { say_who(authenticator, *operation); }},
      {.id = "gravwell-sessions",
       .method = "GET",
       .pattern = "/api/users/{id}/sessions",
       .scope = kScope,
       .style = exchange::kGravwellStyle,
       .safe = true,
       .operation_json = http::openapi_operation("The sessions of a user; with detail=true also their ids", "login"),
       .handler = [&authenticator](const OperationPointer& operation) { list_sessions(authenticator, *operation); }},
      {.id = "session-end",
       .method = "DELETE",
       .pattern = "/api/users/{id}/sessions/{sid}",
       .scope = kScope,
       .style = exchange::kGravwellStyle,
       .operation_json = http::openapi_operation("Ends one session of a user", "login"),
       .handler = [&authenticator](const OperationPointer& operation) { end_session(authenticator, operation); }},
      {.id = "sessions-end",
       .method = "DELETE",
       .pattern = "/api/users/{id}/sessions",
       .scope = kScope,
       .style = exchange::kGravwellStyle,
       .operation_json = http::openapi_operation("Ends all sessions of a user", "login"),
       .handler = [&authenticator](const OperationPointer& operation) { end_all_sessions(authenticator, operation); }},
  };
}

}  // namespace backplane::login
