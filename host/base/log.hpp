// The daemon's own log: to the journal when systemd started us, else to stderr. Any thread.
// Secrets are kept out by type: base::Secret formats as "***".
#pragma once

#include <fmt/core.h>

#include <functional>
#include <string_view>

namespace backplane::base {

enum class Level { kDebug, kInfo, kWarning, kError, kCritical };

// Chooses the sink (journal or stderr) and the least level that is written. Call once, before threads start.
void open_log(Level least);

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

// Writes one line. Control characters in the text are escaped, so a request cannot forge a log line.
void write_log(Level level, std::string_view text);

template <class... Args>
void log(Level level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace backplane::base
