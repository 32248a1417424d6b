#include "base/log.hpp"

#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <backplane/text.hpp>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "base/log_queue.hpp"

namespace backplane::base {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    case Level::kCritical:
      return spdlog::level::critical;
  }
  return spdlog::level::info;
}

// Not stdio: a thread that waits for stderr's reader would keep its lock, and the process could not end.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view rest(line.data(), line.size());
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno == EAGAIN) {  // others who have this pipe or terminal may have made it so
        pollfd writable{STDERR_FILENO, POLLOUT, 0};
        ::poll(&writable, 1, -1);
      } else if (errno != EINTR) {
        return;  // nobody can be told
      }
    }
  }
  void flush_() override {}
};

// Never destroyed: the thread of the log may be left behind at the end of the process.
spdlog::logger& logger() {
  static spdlog::logger& instance = [&]() -> spdlog::logger& {
    auto* made = new spdlog::logger("backplane", std::make_shared<StderrSink>());
    made->set_level(spdlog::level::trace);  // log_enabled decides
    return *made;
  }();
  return instance;
}

void write_line(const LogQueue::Line& line) {
  logger().log(line.time, spdlog::source_loc(), to_spdlog(line.level),
               spdlog::string_view_t(line.text.data(), line.text.size()));
}

std::shared_mutex queue_mutex;
std::unique_ptr<LogQueue> queue;           // none: who logs writes
std::atomic<bool> reader_stopped = false;  // nothing is written any more

std::shared_mutex observer_mutex;
LogObserver observer_of_log;
thread_local bool observing = false;

void tell_observer(Level level, std::string_view text) {
  if (std::exchange(observing, true)) return;
  {
    const std::shared_lock lock(observer_mutex);
    if (observer_of_log) observer_of_log(level, text);
  }
  observing = false;
}

bool is_plain(char c) {
  return c >= 0x20 && c <= 0x7e;
}

std::string escaped(std::string_view text, char quote) {
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    if (quote != '\0' && text.front() == quote) {
      sdk::append_escaped_byte(quote, out);
      text.remove_prefix(1);
    } else {
      sdk::append_escaped_character(text, out);
    }
  }
  return out;
}

}  // namespace

void open_log(Level least) {
  auto& log = logger();
  if (is_journal(STDERR_FILENO)) {
    log.sinks() = {std::make_shared<spdlog::sinks::systemd_sink_mt>("backplaned")};
    log.set_pattern("%v");
  } else {
    log.set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  }
  log.flush_on(spdlog::level::warn);
  set_log_level(least);
}

bool is_journal(int descriptor) {
  // systemd names the stream by device and inode; a child may have inherited the name without the stream.
  const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): nobody calls setenv
  struct stat status {};
  if (stream == nullptr || fstat(descriptor, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

void observe_log(LogObserver observer) {
  const std::unique_lock lock(observer_mutex);
  observer_of_log = std::move(observer);
}

LogThread::LogThread() {
  const std::unique_lock lock(queue_mutex);
  queue = std::make_unique<LogQueue>(write_line);
}

LogThread::~LogThread() {
  const std::unique_lock lock(queue_mutex);
  reader_stopped = !queue->flush(limits::kLogFlushMax);
  queue = nullptr;
}

void flush_log() {
  const std::shared_lock lock(queue_mutex);
  if (queue) queue->flush(limits::kLogFlushMax);
}

void write_log(Level level, std::string_view text) {
  LogQueue::Line line{std::chrono::system_clock::now(), level, {}};
  line.text = std::all_of(text.begin(), text.end(), is_plain) ? std::string(text) : escaped(text, '\0');
  tell_observer(level, line.text);
  const std::shared_lock lock(queue_mutex);
  if (queue) {
    queue->add(std::move(line));
  } else if (!reader_stopped) {
    write_line(line);
  }
}

std::string quotable(std::string_view text) {
  return escaped(text, '\'');
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t digits = 3; digits < text.size(); digits += 4) text.insert(text.size() - digits, 1, ',');
  return text;
}

}  // namespace backplane::base
