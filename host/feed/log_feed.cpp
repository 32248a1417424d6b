#include "feed/log_feed.hpp"

#include <backplane/json.hpp>
#include <string>
#include <utility>

#include "feed/limits.hpp"

namespace backplane::feed {
namespace {

// RFC 5424 §6.2.1, as in the journal.
int priority_of(base::Level level) {
  switch (level) {
    case base::Level::kDebug:
      return 7;
    case base::Level::kInfo:
      return 6;
    case base::Level::kWarning:
      return 4;
    case base::Level::kError:
      return 3;
    case base::Level::kCritical:
      break;
  }
  return 2;
}

}  // namespace

LogFeed::LogFeed(Feeds& feeds, Executor executor, std::unique_ptr<LogLines> lines)
    : feed_(feeds.remembering("host/log", limits::kLogFeedLines)), lines_(std::move(lines)) {
  if (!lines_) return;
  lines_->set_wake([executor = std::move(executor), weak = std::weak_ptr<LogFeed*>(self_)] {
    executor([weak] {
      if (const auto self = weak.lock()) (*self)->publish_waiting();
    });
  });
}

LogFeed::~LogFeed() = default;

void LogFeed::publish_waiting() {
  const LogLines::Silence silence;
  const LogLines::Batch batch = lines_->take();
  for (const LogLines::Line& line : batch.lines) publish(line);
  if (batch.missing == 0) return;
  publish({batch.lines.back().time_us, base::Level::kWarning,
           fmt::format("{} lines of the log are missing here: too many came at once", batch.missing)});
}

void LogFeed::publish(const LogLines::Line& line) {
  sdk::JsonWriter json;
  json.begin_object();
  json.key("time_us").integer(line.time_us);
  json.key("priority").integer(priority_of(line.level));
  json.key("text").string(line.text);
  json.end_object();
  feed_.publish({json.take(), {}, true});
}

}  // namespace backplane::feed
