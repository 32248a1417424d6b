#include "store/state_lock.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace backplane::store {
namespace {

constexpr std::size_t kLockFileBytesMax = 4096;  // a pid and a path

base::Problem io_problem(const std::string& what, int error, const std::string& where) {
  return base::problem(base::Error::kIo, what + ": " + strerror(error), where);
}

base::Checked<void> make_directory(const std::string& dir) {
  std::error_code error;
  const auto parent = std::filesystem::path(dir).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) {
    return base::problem(base::Error::kIo, "the state directory's parent cannot be made: " + error.message(), dir);
  }
  if (::mkdir(dir.c_str(), 0700) == 0) return {};
  if (errno != EEXIST) return io_problem("the state directory cannot be made", errno, dir);
  struct stat status {};
  if (::stat(dir.c_str(), &status) != 0) return io_problem("the state directory cannot be read", errno, dir);
  if (!S_ISDIR(status.st_mode)) {
    return base::problem(base::Error::kIo, "the state directory's name belongs to something that is no directory", dir);
  }
  return {};
}

// The file's text is a hint for people and backplanectl; the lock itself decides.
StateHolder read_holder(int file) {
  char bytes[kLockFileBytesMax];
  const ssize_t size = ::pread(file, bytes, sizeof bytes, 0);
  StateHolder holder;
  if (size <= 0) return holder;
  std::string_view text(bytes, static_cast<std::size_t>(size));
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return holder;
  const char* end = text.data() + line;
  const auto [stop, error] = std::from_chars(text.data(), end, holder.pid);
  if (error != std::errc() || stop != end) holder.pid = 0;
  text.remove_prefix(line + 1);
  holder.socket_path = text.substr(0, text.find('\n'));
  return holder;
}

}  // namespace

base::Checked<StateLock> StateLock::acquire(const std::string& state_dir, const std::string& socket_path) {
  const auto made = make_directory(state_dir);
  if (!made) return made.error();
  const std::string path = state_dir + "/lock";
  base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    return io_problem("the state directory cannot be written (check its owner and mode)", errno, path);
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_problem("the state directory cannot be locked", errno, path);
    const int pid = read_holder(file.get()).pid;
    return base::problem(base::Error::kConflict,
                         "the state directory is in use by " +
                             (pid > 0 ? "process " + std::to_string(pid) : std::string("another process")) +
                             "; stop it, or use another directory",
                         state_dir);
  }
  const std::string text = std::to_string(::getpid()) + "\n" + socket_path + "\n";
  if (text.size() > kLockFileBytesMax) {
    return base::problem(base::Error::kInvalid, "the path of the Unix socket is too long", socket_path);
  }
  if (::ftruncate(file.get(), 0) != 0 ||
      ::pwrite(file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return io_problem("the lock file cannot be written", errno, path);
  }
  return StateLock(std::move(file));
}

base::Checked<std::optional<StateHolder>> StateLock::holder(const std::string& state_dir) {
  const std::string path = state_dir + "/lock";
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    if (errno == ENOENT) return std::optional<StateHolder>();
    return io_problem("the lock file cannot be read", errno, path);
  }
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return std::optional<StateHolder>();  // ends with the descriptor
  if (errno != EWOULDBLOCK) return io_problem("the lock file cannot be examined", errno, path);
  return std::optional<StateHolder>(read_holder(file.get()));
}

}  // namespace backplane::store
