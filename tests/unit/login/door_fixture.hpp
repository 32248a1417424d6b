// Requests against the doors as a connection makes them, without a network: route, credential, body, handler, answer.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "http/body/forms.hpp"
#include "http/fields.hpp"
#include "http/router.hpp"
#include "login/kvmd.hpp"
#include "op/op_table.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::login {

struct Call {
  std::string method = "POST";
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  bool tls = false;
  std::int64_t unix_uid = -1;
  std::string address = "192.0.2.1";
};

inline std::string header_of(const exchange::Response& response, std::string_view name) {
  const exchange::Field* found = exchange::find_field(response.headers, name);
  return found == nullptr ? std::string() : found->value;
}

class DoorFixture : public auth::DaemonFixture {
 protected:
  void SetUp() override {
    DaemonFixture::SetUp();
    // What the application does when a session ends (S-13).
    authenticator_->sessions().on_ended([this](const auth::Session& session, auth::SessionEnd) {
      operations_.end_if(
          [&](const op::Operation& operation) {
            const auto& principal = operation.request().principal;
            return principal && principal->session == session.id && !operation.outlives_session();
          },
          op::End::kRevoked);
    });
  }

  void serve(std::vector<http::Route> routes) {
    const auto problems = router_.replace_owner("host", std::move(routes));
    ASSERT_TRUE(problems.empty()) << problems.front().message();
  }

  // The answer, with its body in `body`. Status 0: the operation ended without one.
  exchange::Response send(const Call& call) {
    auto request = make_request(call);
    http::Match match = router_.match(request->method, request->path);
    if (!match.route) return match.allow.empty() ? exchange::not_found() : exchange::method_not_allowed(match.allow);
    const http::Route& route = *match.route;
    request->path_parameters = std::move(match.parameters);
    if (route.scope != http::kPublicScope) {
      auth::Verdict verdict = identify(std::static_pointer_cast<const exchange::Request>(request));
      if (verdict.refusal) return exchange::render_failure(route.style, *verdict.refusal);
      request->principal = verdict.principal;
      if (!verdict.principal->may(route.scope)) {
        return exchange::render_failure(route.style, {.error = base::Error::kForbidden});
      }
    }
    if (route.body == http::BodyKind::kFields) {
      const auto read = http::read_fields(request->header("Content-Type"), request->body, request->fields);
      if (!read) return exchange::render_failure(route.style, {read.error().code, read.error().text});
    }
    return run(route, request);
  }

  exchange::Response post_form(const std::string& path, const std::string& form,
                               std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send({.path = path, .headers = std::move(headers), .body = form});
  }

  // Drops the operation's connection while its handler waits.
  bool client_leaves_ = false;
  op::OpTable operations_{clock_};
  http::Router router_;

 private:
  std::shared_ptr<exchange::Request> make_request(const Call& call) {
    const Call& kept = calls_.emplace_back(call);  // the request's views look into it
    auto request = std::make_shared<exchange::Request>();
    request->method = kept.method;
    request->target = kept.path;
    request->path = kept.path.substr(0, kept.path.find('?'));
    for (const auto& [name, value] : kept.headers) request->headers.push_back({name, value});
    const std::size_t question = kept.path.find('?');
    if (question != std::string::npos) {
      EXPECT_TRUE(http::read_urlencoded(kept.path.substr(question + 1), request->query_fields));
    }
    request->body = kept.body;
    request->peer.tls = kept.tls;
    request->peer.unix_uid = kept.unix_uid;
    request->client_address = kept.address;
    return request;
  }

  exchange::Response run(const http::Route& route, const std::shared_ptr<exchange::Request>& request) {
    const auto operation = std::make_shared<op::Operation>(request, route.style, route.timeout_ms);
    operations_.open(operation);
    route.handler(operation);
    if (client_leaves_) {
      operation->finish(op::End::kClientGone);
      settle();
    }
    EXPECT_TRUE(
        loop_->run_until([&] { return operation->ended() || operation->phase() != op::Operation::Phase::kWaiting; }));
    if (operation->ended()) {
      exchange::Response none;
      none.status = 0;
      return none;
    }
    exchange::Response response = operation->take_response();
    response.body = std::string(response.bytes());
    operation->finish(op::End::kDone);
    return response;
  }

  // Lets everything happen that is under way: a password check, then two turns of the store.
  void settle() {
    bool hashed = false;
    authenticator_->users().set_password("nobody", base::Secret(std::string("long enough")),
                                         [&](const auto&) { hashed = true; });
    EXPECT_TRUE(loop_->run_until([&] { return hashed; }));
    drain_store();
    drain_store();
  }

  std::list<Call> calls_;
};

// With PiKVM's door.
class KvmdFixture : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    open_door({});
  }

  void open_door(const config::KvmdSettings& compat, const config::SessionLimits& limits = {}) {
    serve(kvmd_routes(*authenticator_, compat, limits));
  }

  static std::string good_form(const std::string& more = {}) { return "user=admin&passwd=correct+horse" + more; }

  exchange::Response log_in_form(const std::string& form) { return post_form("/api/auth/login", form); }

  // The cookie header of a new session.
  std::pair<std::string, std::string> session_cookie() {
    const std::string cookie = header_of(log_in_form(good_form()), "Set-Cookie");
    return {"Cookie", cookie.substr(0, cookie.find(';'))};
  }

  exchange::Response check(std::pair<std::string, std::string> header) {
    return send({.method = "GET", .path = "/api/auth/check", .headers = {std::move(header)}});
  }
  exchange::Response log_out(std::vector<std::pair<std::string, std::string>> headers) {
    return send({.path = "/api/auth/logout", .headers = std::move(headers)});
  }
};

inline constexpr std::string_view kEmptyResult = "{\n    \"ok\": true,\n    \"result\": {}\n}";

inline std::string kvmd_error(const std::string& error, const std::string& text) {
  return "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"" + error + "\",\n        \"error_msg\": \"" +
         text + "\"\n    }\n}";
}

}  // namespace backplane::login
