#include "ctl/password_input.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "auth/limits.hpp"
#include "base/unique_fd.hpp"

namespace backplane::ctl {
namespace {

// Room for a password that is too long, so that the rule about length can say so.
constexpr std::size_t kInputBytesMax = auth::limits::kPasswordBytesMax + 64;

constexpr std::array<int, 4> kEndingSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

extern "C" void let_wait_return(int) {}

base::Problem broken_off() {
  return base::problem(base::Error::kUnavailable, "the input was broken off; nothing was changed");
}

// Turns the terminal's echo off, and makes signals that would end the program only interrupt wait(). Puts both back.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    struct sigaction action {};
    action.sa_handler = let_wait_return;
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : kEndingSignals) ::sigaddset(&held, signal);
    ::sigprocmask(SIG_BLOCK, &held, &mask_);  // held back until wait(): none can come just before it and be lost
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) ::sigaction(kEndingSignals[i], &action, &actions_[i]);
    usable_ = ::tcgetattr(terminal_, &settings_) == 0;
    termios quiet = settings_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL | ICANON;
    usable_ = usable_ && ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (usable_) ::tcsetattr(terminal_, TCSAFLUSH, &settings_);
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) ::sigaction(kEndingSignals[i], &actions_[i], nullptr);
    ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  bool usable() const { return usable_; }

  // Waits for a line; false if a signal came instead.
  bool wait() const {
    pollfd terminal{terminal_, POLLIN, 0};
    return ::ppoll(&terminal, 1, nullptr, &mask_) > 0;
  }

 private:
  const int terminal_;
  bool usable_ = false;
  termios settings_{};
  sigset_t mask_{};
  std::array<struct sigaction, kEndingSignals.size()> actions_{};
};

// Reads to the end of the input, or from a terminal one line; a longer text is cut, which no password survives.
base::Checked<base::Secret> read_text(int file, const QuietTerminal* terminal) {
  const bool one_line = terminal != nullptr;
  std::array<char, kInputBytesMax> bytes{};
  std::size_t size = 0;
  ssize_t count = 0;
  while (size < bytes.size()) {
    if (terminal != nullptr && !terminal->wait()) return broken_off();
    count = ::read(file, bytes.data() + size, bytes.size() - size);
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
    if (one_line && bytes[size - 1] == '\n') break;
  }
  std::string_view text(bytes.data(), size);
  const bool has_line_end = text.ends_with('\n');
  if (has_line_end) text.remove_suffix(1);
  if (has_line_end && text.ends_with('\r')) text.remove_suffix(1);
  base::Secret secret{text};
  ::explicit_bzero(bytes.data(), bytes.size());
  if (count < 0) return broken_off();
  if (one_line && !has_line_end && size < bytes.size()) return broken_off();
  return secret;
}

void say(int terminal, const std::string& text) {
  // A terminal that cannot be written will not be read either.
  [[maybe_unused]] const ssize_t ignored = ::write(terminal, text.data(), text.size());
}

}  // namespace

base::Checked<base::Secret> read_password_from_stdin() {
  return read_text(STDIN_FILENO, nullptr);
}

base::Checked<base::Secret> ask_for_password(const std::string& user) {
  const base::UniqueFd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) {
    return base::problem(base::Error::kUnavailable,
                         "there is no terminal to ask for the password on; give it with --password-stdin");
  }
  const QuietTerminal quiet(terminal.get());
  if (!quiet.usable()) return base::problem(base::Error::kUnavailable, "the terminal's echo cannot be turned off");
  say(terminal.get(), "New password for " + user + ": ");
  auto password = read_text(terminal.get(), &quiet);
  if (!password) return password;
  say(terminal.get(), "The same again: ");
  const auto again = read_text(terminal.get(), &quiet);
  if (!again) return again;
  if (password->reveal() != again->reveal()) {
    return base::problem(base::Error::kInvalid, "the two passwords differ; nothing was changed");
  }
  return password;
}

}  // namespace backplane::ctl
