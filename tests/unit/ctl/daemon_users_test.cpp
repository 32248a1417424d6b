// backplanectl where another process holds the state directory: it asks the daemon over its Unix socket.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "base/unique_fd.hpp"
#include "store/state_lock.hpp"
#include "unit/ctl/ctl_fixture.hpp"

namespace backplane::ctl {
namespace {

using testing::HasSubstr;

// Answers one request on a Unix socket with fixed bytes, and keeps what was asked.
class FixedDaemon {
 public:
  FixedDaemon(const std::string& path, int status, const std::string& body)
      : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    thread_ = std::thread([this, answer = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " +
                                          std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body] {
      const base::UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      char bytes[4096];
      while (!complete()) {
        const ssize_t count = ::read(client.get(), bytes, sizeof bytes);
        if (count <= 0) return;
        request_.append(bytes, static_cast<std::size_t>(count));
      }
      EXPECT_EQ(::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer.size()));
    });
  }
  ~FixedDaemon() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_.get(), SHUT_RDWR);  // where nobody came
    thread_.join();
  }
  FixedDaemon(const FixedDaemon&) = delete;
  FixedDaemon& operator=(const FixedDaemon&) = delete;

  // What was asked; waits until it has been answered.
  const std::string& request() {
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  bool complete() const {
    const std::size_t end = request_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = request_.find("Content-Length: ");
    return length == std::string::npos || request_.size() - end - 4 >= std::stoul(request_.substr(length + 16));
  }

  base::UniqueFd listener_;
  std::string request_;
  std::thread thread_;
};

class DaemonUsersTest : public CtlFixture {
 protected:
  // As the daemon: holds the directory and names its socket.
  void hold(const std::string& socket_path) {
    auto lock = store::StateLock::acquire(state_dir_, socket_path);
    ASSERT_TRUE(lock) << lock.error().message();
    lock_.emplace(std::move(*lock));
  }
  std::string socket_path() const { return directory_.path() + "/s"; }

  std::optional<store::StateLock> lock_;
};

TEST_F(DaemonUsersTest, AddsByAskingTheDaemon) {
  hold(socket_path());
  FixedDaemon daemon(socket_path(), 201, R"({"uid":4})");
  const Outcome outcome = add("anna", "operator", "say \"hello\"\n");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(daemon.request(), testing::StartsWith("POST /api/v1/users HTTP/1.1\r\n"));
  EXPECT_THAT(daemon.request(), HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(daemon.request(), testing::EndsWith(R"({"name":"anna","role":"operator","password":"say \"hello\""})"));
}

TEST_F(DaemonUsersTest, SetsPasswordsByAskingTheDaemon) {
  hold(socket_path());
  FixedDaemon daemon(socket_path(), 204, "");
  EXPECT_EQ(run({"user", "set-password", "anna@home", "--password-stdin"}, "long enough\n").status, 0);
  EXPECT_THAT(daemon.request(), testing::StartsWith("PUT /api/v1/users/anna@home/password HTTP/1.1\r\n"));
  EXPECT_THAT(daemon.request(), testing::EndsWith(R"({"password":"long enough"})"));
}

TEST_F(DaemonUsersTest, DeletesByAskingTheDaemon) {
  hold(socket_path());
  FixedDaemon daemon(socket_path(), 204, "");
  EXPECT_EQ(run({"user", "delete", "anna"}).status, 0);
  EXPECT_THAT(daemon.request(), testing::StartsWith("DELETE /api/v1/users/anna HTTP/1.1\r\n"));
}

TEST_F(DaemonUsersTest, ListsWhatTheDaemonSays) {
  hold("../s");  // relative to the state directory
  FixedDaemon daemon(socket_path(), 200,
                     R"({"users":[{"uid":7,"name":"anna","role":"admin","enabled":true,"password_set":true,)"
                     R"("created_ms":1700000000000,"password_changed_ms":0}]})");
  const Outcome outcome = run({"user", "list"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(daemon.request(), testing::StartsWith("GET /api/v1/users HTTP/1.1\r\n"));
  EXPECT_EQ(outcome.output,
            "NAME  ROLE   STATE    CREATED (UTC)\n"
            "anna  admin  enabled  2023-11-14 22:13\n");
}

TEST_F(DaemonUsersTest, ShowsTheDaemonsReason) {
  hold(socket_path());
  FixedDaemon daemon(socket_path(), 409, R"({"status":409,"detail":"there is a user 'anna' already"})");
  const Outcome outcome = add("anna", "admin");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "backplanectl: there is a user 'anna' already\n");
}

TEST_F(DaemonUsersTest, SaysHowToGetTheRightToManageUsers) {
  hold(socket_path());
  FixedDaemon daemon(socket_path(), 401, R"({"status":401,"detail":"Unauthorized"})");
  const Outcome outcome = run({"user", "list"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("peers: { root: admin }"));
}

TEST_F(DaemonUsersTest, AnAnswerThatIsNoneIsAFailure) {
  for (const std::string body : {"", "<html>", "[]", R"({"users":[{"name":"anna"}]})"}) {
    hold(socket_path());
    FixedDaemon daemon(socket_path(), 200, body);
    const Outcome outcome = run({"user", "list"});
    EXPECT_EQ(outcome.status, 1) << body;
    EXPECT_THAT(outcome.output, HasSubstr("cannot be read")) << body;
    lock_.reset();
    ::unlink(socket_path().c_str());
  }
}

TEST_F(DaemonUsersTest, ADaemonThatDoesNotAnswerIsNamed) {
  hold(socket_path());
  const Outcome outcome = run({"user", "list"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr(socket_path() + ": the daemon cannot be asked: "));
}

TEST_F(DaemonUsersTest, ADaemonWithoutASocketIsMetWithTheRemedy) {
  hold("");
  const Outcome outcome = add("anna", "admin");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("process " + std::to_string(getpid())));
  EXPECT_THAT(outcome.output, HasSubstr("{ unix: backplane.sock, peers: { root: admin } }"));
}

}  // namespace
}  // namespace backplane::ctl
