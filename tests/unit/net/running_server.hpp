// A server on loopback whose clock only a test moves, with routes that answer in the ways that hold a connection up.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "http/answer_cache.hpp"
#include "http/router.hpp"
#include "net/loop/io_loop.hpp"
#include "net/server.hpp"
#include "net/tls/self_signed.hpp"
#include "op/op_table.hpp"
#include "support/client.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::net {

// Lets in whoever names himself.
class NamedGate final : public auth::Gate {
 public:
  std::optional<auth::Verdict> identify_now(const exchange::Request& request) override {
    const std::string_view name = request.header("X-Name");
    if (name.empty()) return auth::Verdict{nullptr, exchange::Failure{.error = base::Error::kUnauthorized}};
    auto principal = std::make_shared<exchange::Principal>();
    principal->user = name;
    principal->scopes = {"test.use"};
    return auth::Verdict{std::move(principal), std::nullopt};
  }
  void identify_later(std::shared_ptr<const exchange::Request>, std::function<void(auth::Verdict)>) override {}
};

// Writes as much as there is credit for, for ever.
class Flood final : public op::Answerer {
 public:
  Flood(op::Operation& operation, std::size_t& pieces) : operation_(operation), pieces_(pieces) {}
  void on_writable() override {
    const std::string piece(16 * 1024, 'x');
    while (!operation_.write(op::DataKind::kBinary, piece)) ++pieces_;
  }

 private:
  op::Operation& operation_;
  std::size_t& pieces_;
};

// What a feed is while nothing is published.
class Silent final : public op::Source {
 public:
  bool ready() const override { return false; }
  std::optional<op::Data> take() override { return std::nullopt; }
};

class RunningServer : public testing::Test {
 protected:
  explicit RunningServer(std::size_t connections_max = limits::kConnectionsMax) : server_(services_, connections_max) {}
  void SetUp() override {
    for (const auto& problem : router_.replace_owner("test", routes())) FAIL() << problem.message();
    auto files = ensure_self_signed(directory_.path(), {"localhost"});
    ASSERT_TRUE(files) << files.error().message();
    const auto secure = server_.listen({.address = "127.0.0.1", .tls = *files});
    const auto plain = server_.listen({.address = "127.0.0.1"});
    ASSERT_TRUE(secure && plain);
    tls_port_ = (*secure)->port();
    port_ = (*plain)->port();
    server_.start();
    thread_ = std::thread([this] { loop_.run(); });
  }

  void TearDown() override {
    if (!thread_.joinable()) return;
    clock_.advance_ms(1);
    loop_.post([this] { server_.drain(0, [this] { loop_.stop(); }); });
    thread_.join();
  }

  // What `read` finds on the I/O thread.
  template <class Read>
  auto on_loop(Read read) {
    std::promise<decltype(read())> found;
    loop_.post([&] { found.set_value(read()); });
    return found.get_future().get();
  }

  // Looks until it is so. False after 20 s, a guard against hanging.
  bool comes_true(const std::function<bool()>& condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!on_loop(condition)) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::yield();
    }
    return true;
  }
  bool connections_are(std::size_t count) {
    return comes_true([this, count] { return server_.connections() == count; });
  }
  bool operations_are(std::size_t count) {
    return comes_true([this, count] { return operations_.size() == count; });
  }

  // Until the server has taken in what clients have sent: in each round the loop looks at its sockets once.
  void settle() {
    for (int round = 0; round < 10; ++round) on_loop([] { return true; });
  }

  // Holds the server's thread while clients send what it then finds all at once.
  void while_held(const std::function<void()>& send) {
    std::promise<void> sent;
    loop_.post([held = sent.get_future().share()] { held.wait(); });
    send();
    sent.set_value();
  }

  // Until nothing more can be sent to a client that reads nothing: many looks in a row find that no piece has left.
  bool flood_is_stuck() {
    std::size_t seen = 0;
    int looks = 0;
    return comes_true([this, &seen, &looks] {
      looks = pieces_ == seen ? looks + 1 : 0;
      seen = pieces_;
      return pieces_ != 0 && looks == 1000;
    });
  }

  void revoke_all() {
    on_loop([this] {
      operations_.end_if([](const op::Operation&) { return true; }, op::End::kRevoked);
      return true;
    });
  }

  base::ManualClock clock_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  const support::Headers name_{{"X-Name", "ann"}};
  int changes_ = 0;  // made by POST /change; I/O thread
  struct Greeting {
    std::string name;
    std::size_t connections;  // that were open
  };
  std::vector<Greeting> greetings_;  // by GET /hello, in order; I/O thread

 private:
  static http::Route route(std::string method, std::string pattern, http::Handler handler) {
    http::Route made;
    made.id = pattern;
    made.method = std::move(method);
    made.pattern = std::move(pattern);
    made.scope = "test.use";
    made.handler = std::move(handler);
    return made;
  }

  std::vector<http::Route> routes() {
    http::Route form = route("POST", "/form", [](const auto& operation) { operation->respond({}); });
    form.scope = http::kPublicScope;
    form.body = http::BodyKind::kFields;
    const auto flood = [this](const std::shared_ptr<op::Operation>& operation) {
      operation->begin({});
      auto answerer = std::make_shared<Flood>(*operation, pieces_);
      operation->set_answerer(answerer);
      answerer->on_writable();
    };
    http::Route stream = route("GET", "/stream", flood);
    http::Route socket = route("GET", "/socket", flood);
    socket.kind = http::RouteKind::kWebSocket;
    http::Route hello = route("GET", "/hello", [this](const auto& operation) {
      greetings_.push_back({operation->request().principal->user, server_.connections()});
      operation->respond({});
    });
    http::Route change = route("POST", "/change", [this](const auto& operation) {
      ++changes_;
      operation->respond({});
    });
    change.body = http::BodyKind::kFields;
    http::Route quiet = route("GET", "/quiet", [](const auto& operation) { operation->begin({}); });
    quiet.kind = http::RouteKind::kWebSocket;
    http::Route upload = route("POST", "/upload", [](const auto& operation) {
      operation->begin({});
      operation->write(op::DataKind::kBytes, "begun");
    });
    upload.body = http::BodyKind::kRaw;
    http::Route follow = route("GET", "/follow", [](const auto& operation) {
      operation->begin({});
      operation->attach(std::make_shared<Silent>());
    });
    return {form, stream, socket, hello, change, quiet, upload, follow};
  }

  std::size_t pieces_ = 0;  // of the flood, so far; I/O thread
  support::TemporaryDirectory directory_;
  IoLoop loop_;
  op::OpTable operations_{clock_};
  http::Router router_;
  http::AnswerCache answers_{clock_, operations_, [this](std::function<void()> job) { loop_.post(std::move(job)); }};
  NamedGate gate_;
  Services services_{.io = loop_.context(),
                     .readiness = loop_.readiness(),
                     .clock = clock_,
                     .router = router_,
                     .answers = answers_,
                     .gate = gate_,
                     .operations = operations_,
                     .client_address = ClientAddress({}),
                     .logs_access = false};
  Server server_;
  std::thread thread_;
};

}  // namespace backplane::net
