// backplanectl asking for a password on a terminal (a pseudo-terminal of the test's).
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "unit/ctl/ctl_fixture.hpp"

namespace backplane::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kWaitMs = 30'000;

// The program on a terminal of its own.
class TerminalProgram {
 public:
  explicit TerminalProgram(std::vector<std::string> arguments) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int controller = -1;
    pid_ = ::forkpty(&controller, nullptr, nullptr, nullptr);
    if (pid_ == 0) {
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    terminal_ = base::UniqueFd(controller);
  }
  ~TerminalProgram() {
    if (pid_ > 0 && !ended_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  TerminalProgram(const TerminalProgram&) = delete;
  TerminalProgram& operator=(const TerminalProgram&) = delete;

  // Reads on until the screen shows the text; false where the program ends or is silent without.
  bool shows(const std::string& text) {
    while (screen_.find(text) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }
  void type(const std::string& keys) {
    EXPECT_EQ(::write(terminal_.get(), keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  bool echoes() const {
    termios settings{};
    return ::tcgetattr(terminal_.get(), &settings) == 0 && (settings.c_lflag & ECHO) != 0;
  }
  int wait() {
    while (read_more()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& screen() const { return screen_; }

 private:
  bool read_more() {
    pollfd ready{terminal_.get(), POLLIN, 0};
    if (::poll(&ready, 1, kWaitMs) <= 0) return false;
    char bytes[512];
    const ssize_t count = ::read(terminal_.get(), bytes, sizeof bytes);
    if (count <= 0) return false;
    screen_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = -1;
  bool ended_ = false;
  base::UniqueFd terminal_;
  std::string screen_;
};

class PasswordPromptTest : public CtlFixture {
 protected:
  std::vector<std::string> add_anna() const {
    return {BACKPLANECTL, "--state-dir", state_dir_, "user", "add", "anna", "--role", "admin"};
  }
};

TEST_F(PasswordPromptTest, AsksTwiceAndShowsNothing) {
  TerminalProgram program(add_anna());
  ASSERT_TRUE(program.shows("New password for anna: "));
  EXPECT_FALSE(program.echoes());
  program.type("long enough\n");
  ASSERT_TRUE(program.shows("The same again: "));
  program.type("long enough\n");
  EXPECT_EQ(program.wait(), 0) << program.screen();
  EXPECT_THAT(program.screen(), Not(HasSubstr("long enough")));
  EXPECT_TRUE(opens("anna", "long enough"));
}

TEST_F(PasswordPromptTest, TwoDifferentPasswordsChangeNothing) {
  TerminalProgram program(add_anna());
  ASSERT_TRUE(program.shows("New password for anna: "));
  program.type("long enough\n");
  ASSERT_TRUE(program.shows("The same again: "));
  program.type("long enouhg\n");
  EXPECT_EQ(program.wait(), 1);
  EXPECT_THAT(program.screen(), HasSubstr("the two passwords differ"));
  EXPECT_EQ(run({"user", "list"}).status, 1);
}

TEST_F(PasswordPromptTest, CtrlCAndEndOfInputBreakItOff) {
  for (const std::string key : {"\x03", "\x04"}) {
    TerminalProgram program(add_anna());
    ASSERT_TRUE(program.shows("New password for anna: "));
    program.type(key);
    ASSERT_TRUE(program.shows("broken off")) << program.screen();
    EXPECT_EQ(program.wait(), 1);
  }
}

}  // namespace
}  // namespace backplane::ctl
