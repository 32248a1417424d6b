// Plugins in processes of their own, under the real daemon: the same answers as on a thread, a crash that nobody else
// notices, replacement without a failed request, and no process that outlives the daemon.
#include <gtest/gtest.h>
#include <signal.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runner/sanitizers.hpp"
#include "support/programs.hpp"

namespace backplane::support {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto kSoon = std::chrono::seconds(runner::kSanitized ? 20 : 5);
// A sanitizer takes the signal, says where it was, and leaves.
constexpr const char* kFault =
    runner::kSanitized ? "it left with status 1" : "it was ended by signal 11 (Segmentation fault)";

bool soon(const std::function<bool()>& done) {
  const auto until = Clock::now() + kSoon;
  while (!done()) {
    if (Clock::now() >= until) return false;
  }
  return true;
}

// No longer there; one that nobody has reaped yet does nothing any more.
bool has_ended(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(status, text);
  const std::size_t name_end = text.rfind(')');
  return name_end == std::string::npos || text.substr(name_end, 3) == ") Z";
}

class DaemonProcess : public testing::Test {
 protected:
  // The host's own folder holds kvm-info, another one hello.
  DaemonProcess() {
    copy("kvm-info", BACKPLANE_PLUGIN_DIR, own_.path());
    copy("hello", BACKPLANE_PLUGIN_DIR, others_.path());
    daemon_ = std::make_unique<Daemon>(
        Daemon::Options{.plugins = "{ kvm-info: {}, kvm-apart: { plugin: kvm-info, mount: /apart, isolation: process },"
                                   " hello: {}, hello-within: { plugin: hello, mount: /within, isolation: thread } }",
                        .extra = "auth: { throttle: off }\n",
                        .plugin_dir = own_.path() + ", " + others_.path()});
  }
  static void copy(const std::string& id, const std::string& from, const std::string& to) {
    for (const char* end : {".so", ".json"}) fs::copy(from + "/" + id + end, to + "/" + id + end);
  }
  Reply get(const std::string& target) { return daemon_->client().get(target, daemon_->as_admin()); }
  pid_t process_of(const std::string& instance) { return support::process_of(*daemon_, instance); }

  TemporaryDirectory own_;
  TemporaryDirectory others_;
  std::unique_ptr<Daemon> daemon_;
};

// The keys and kinds of a document, without the values.
void append_shape(std::string& shape, const std::string& path, simdjson::dom::element element) {
  shape += path + ":" + std::to_string(static_cast<int>(element.type())) + "\n";
  if (!element.is_object()) return;
  for (const auto [key, value] : element.get_object()) append_shape(shape, path + "/" + std::string(key), value);
}
std::string shape_of(const std::string& body) {
  simdjson::dom::parser parser;
  std::string shape;
  append_shape(shape, "", parser.parse(simdjson::padded_string(body)));
  return shape;
}

TEST_F(DaemonProcess, kvm_info_answers_alike_in_both_homes) {
  ASSERT_NE(process_of("kvm-apart"), 0);
  ASSERT_EQ(process_of("kvm-info"), 0);
  const Reply within = get("/api/info");
  const Reply apart = get("/apart/api/info");
  ASSERT_EQ(within.status, 200) << within.body;
  ASSERT_EQ(apart.status, 200) << apart.body;
  EXPECT_EQ(shape_of(within.body), shape_of(apart.body));
  EXPECT_EQ(within.header("Content-Type"), apart.header("Content-Type"));
  EXPECT_EQ(get("/api/info?fields=meta").body, get("/apart/api/info?fields=meta").body);
  EXPECT_EQ(get("/api/info?fields=nonsense").body, get("/apart/api/info?fields=nonsense").body);
}

TEST_F(DaemonProcess, a_plugin_from_another_folder_gets_a_process_and_answers_alike) {
  ASSERT_NE(process_of("hello"), 0);
  ASSERT_EQ(process_of("hello-within"), 0);
  for (const char* query : {"", "?name=Bob", "?name=", "?name=%C3%A9%00", "?other=1"}) {
    const Reply apart = get(std::string("/api/hello") + query);
    const Reply within = get(std::string("/within/api/hello") + query);
    EXPECT_EQ(apart.status, within.status) << query;
    EXPECT_EQ(apart.body, within.body) << query;
    EXPECT_EQ(apart.header("Content-Type"), within.header("Content-Type")) << query;
  }
  EXPECT_EQ(get("/api/hello?name=Bob").body, R"({"message":"Hello, Bob!"})");
}

TEST_F(DaemonProcess, health_lists_the_layers_of_the_sandbox) {
  const std::string health = get("/api/v1/health").body;
  for (const char* layer : {"limits", "user", "no new privileges", "capabilities", "files", "system calls"}) {
    EXPECT_NE(health.find(R"({"layer":")" + std::string(layer) + R"(","active":)"), std::string::npos) << health;
  }
}

TEST_F(DaemonProcess, a_crash_under_load_is_noticed_by_nobody_else_and_the_plugin_comes_back) {
  const Headers session = daemon_->session();
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  std::atomic<int> errors = 0;
  std::vector<std::thread> clients;
  for (const char* target : {"/api/auth/check", "/api/info", "/within/api/hello", "/apart/api/info"}) {
    clients.emplace_back([&, target] {
      Client client = daemon_->client();
      while (!over) {
        errors += client.get(target, session).status == 200 ? 0 : 1;
        ++answered;
      }
    });
  }
  ASSERT_TRUE(soon([&] { return answered > 50; }));
  const pid_t before = process_of("hello");
  ASSERT_NE(before, 0);
  Client own = daemon_->client();
  ::kill(before, SIGSEGV);
  const auto killed = Clock::now();
  int status = 0;
  EXPECT_TRUE(soon([&] {
    status = own.get("/api/hello", session).status;
    return status == 200 && has_ended(before);
  })) << status;
  const auto back_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - killed).count();
  const int before_more = answered;
  EXPECT_TRUE(soon([&] { return answered > before_more + 50; }));
  over = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(errors, 0) << "of " << answered;
  EXPECT_NE(process_of("hello"), before);
  RecordProperty("back_ms", std::to_string(back_ms));
  std::printf("its own route answered again after %lld ms\n", static_cast<long long>(back_ms));
  std::string audit;
  EXPECT_TRUE(soon([&] {
    audit = get("/api/v1/audit").body;  // it is written once a second
    return audit.find("plugin.crashed") != std::string::npos;
  })) << audit;
  EXPECT_NE(audit.find(std::string("hello: ") + kFault), std::string::npos) << audit;
}

TEST_F(DaemonProcess, a_killed_daemon_leaves_no_process_behind) {
  const pid_t hello = process_of("hello");
  const pid_t apart = process_of("kvm-apart");
  ASSERT_NE(hello, 0);
  ASSERT_NE(apart, 0);
  daemon_->process().signal(SIGKILL);
  daemon_->process().wait();
  EXPECT_TRUE(soon([&] { return has_ended(hello) && has_ended(apart); }));
}

TEST_F(DaemonProcess, a_stopped_daemon_has_stopped_its_plugins) {
  const pid_t hello = process_of("hello");
  ASSERT_NE(hello, 0);
  EXPECT_EQ(daemon_->stop(), 0);
  EXPECT_TRUE(has_ended(hello));
}

TEST_F(DaemonProcess, a_new_file_replaces_the_process_without_a_failed_request) {
  const pid_t before = process_of("hello");
  ASSERT_NE(before, 0);
  const Headers session = daemon_->session();
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  std::atomic<int> errors = 0;
  std::thread client([&] {
    Client own = daemon_->client();
    while (!over) {
      errors += own.get("/api/hello", session).status == 200 ? 0 : 1;
      ++answered;
    }
  });
  EXPECT_TRUE(soon([&] { return answered > 20; }));
  const std::string file = others_.path() + "/hello.so";
  fs::copy_file(file, file + ".new");  // as a package manager does: the running one keeps its own
  fs::rename(file + ".new", file);
  EXPECT_TRUE(reload(*daemon_, "the configuration was reloaded")) << daemon_->process().output();
  EXPECT_TRUE(soon([&] { return process_of("hello") != before && process_of("hello") != 0; }));
  EXPECT_TRUE(soon([&] { return has_ended(before); }));
  const int then = answered;
  EXPECT_TRUE(soon([&] { return answered > then + 20; }));
  over = true;
  client.join();
  EXPECT_EQ(errors, 0) << "of " << answered;
}

TEST(Peers, the_process_of_a_plugin_is_nobody_where_others_of_its_user_are_let_in) {
  if (::geteuid() != 0) GTEST_SKIP() << "the peer of the test is root";
  const Daemon daemon({.plugins = "{ calls-home: { grants: { paths: [" PEER_SOCKET "] } } }",
                       .plugin_dir = all_plugin_dirs(),
                       .listen = "  - { unix: " PEER_SOCKET ", mode: \"0666\", peers: { root: admin } }\n"});
  EXPECT_EQ(Client::unix_socket(PEER_SOCKET).get("/api/auth/check").status, 200);
  const std::string said = daemon.client().get(std::string("/api/calls-home?") + PEER_SOCKET).body;
  EXPECT_TRUE(said.starts_with("HTTP/1.1 401") || said.starts_with("HTTP/1.1 403")) << said;
}

// A plugin could fill the listener's queue with requests and end: the daemon must not take them for another's.
TEST(Peers, one_that_has_ended_before_it_is_accepted_is_nobody) {
  if (::geteuid() != 0) GTEST_SKIP() << "the peer of the test is root";
  Daemon daemon;
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  daemon.unix_path().copy(address.sun_path, sizeof address.sun_path - 1);
  daemon.process().signal(SIGSTOP);
  const pid_t peer = ::fork();
  if (peer == 0) ::_exit(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address));
  int status = -1;
  ASSERT_EQ(::waitpid(peer, &status, 0), peer);
  ASSERT_EQ(status, 0) << "not connected";
  daemon.process().signal(SIGCONT);
  const std::string request = "GET /api/auth/check HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  char answer[13] = {};
  EXPECT_EQ(::recv(socket, answer, sizeof answer - 1, MSG_WAITALL), 12);
  EXPECT_TRUE(std::string(answer) == "HTTP/1.1 401" || std::string(answer) == "HTTP/1.1 403") << answer;
  ::close(socket);
}

}  // namespace
}  // namespace backplane::support
