#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <shared_mutex>
#include <string>
#include <utility>

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

spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("backplane", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_level(spdlog::level::trace);  // log_enabled decides
    return made;
  }();
  return instance;
}

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

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (char c : text) {
    if (is_control(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
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

void write_log(Level level, std::string_view text) {
  std::string escaped;
  bool clean = true;
  for (char c : text) clean = clean && !is_control(c);
  if (!clean) {
    escaped = escape_controls(text);
    text = escaped;
  }
  logger().log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
  tell_observer(level, text);
}

}  // namespace backplane::base
