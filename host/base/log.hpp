// The daemon's own log: to the journal when systemd started us, else to stderr. Any thread.
// Secrets are kept out by type: base::Secret formats as "***".
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace backplane::base {

enum class Level { kDebug, kInfo, kWarning, kError, kCritical };

// Chooses the sink (journal or stderr) and the least level that is written. Call once, before threads start.
void open_log(Level least);

// While one is there, a thread of its own writes the lines: whoever logs does not wait for who reads the log. At its
// end, what waits is written, for a bounded time; a reader that has stopped then gets no further line. One at a time.
class LogThread {
 public:
  LogThread();
  ~LogThread();
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;
};

// Waits until the lines so far are written, for a bounded time: before an end without destructors. [any thread]
void flush_log();

// Changes the least level that is written. [any thread]
void set_log_level(Level least);
Level log_level() noexcept;
bool log_enabled(Level level) noexcept;

// Whether a descriptor of this process leads into the journal (systemd.exec(5), JOURNAL_STREAM).
bool is_journal(int descriptor);

// Is given each line as it is written, on the thread that writes it, but none that it causes itself. Empty: nobody is
// any more; once this has returned, nobody is being given one. Not from within an observer. [any thread]
using LogObserver = std::function<void(Level, std::string_view)>;
void observe_log(LogObserver observer);

// Writes one line. What a terminal would not show as it is (sdk::is_deceptive, bytes that are no UTF-8) is escaped, so
// a request can neither forge a log line nor deceive who reads one (S-31).
void write_log(Level level, std::string_view text);

// A text that somebody else wrote, as it stands in a quoted field of a line: the same, and quotes are escaped too.
std::string quotable(std::string_view text);

// A number as people read it: 1,233.
std::string with_commas(std::uint64_t number);

template <class... Args>
void log(Level level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace backplane::base
