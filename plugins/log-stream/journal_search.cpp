#include "log-stream/journal_search.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

void JournalSearch::start(JournalPlace place) {
  place_ = std::move(place);
  look();
}

void JournalSearch::stop() {
  loop_.cancel_timer(kTimer);
}

void JournalSearch::on_item(std::string_view item) {
  source_.host_log().add(item);
  readers_.on_entries();
}

void JournalSearch::look() {
  loop_.set_timer(kTimer, sdk::Loop::Milliseconds(kJournalRetryMs), {}, [this] { look(); });
  std::vector<Directory> directories = journal_directories(place_);
  const bool same = std::any_of(directories.begin(), directories.end(), [this](const Directory& one) {
    return std::find(directories_.begin(), directories_.end(), one) != directories_.end();
  });
  directories_ = std::move(directories);
  if (same && source_.has_journal() && absence_.empty()) return;
  const auto opened = open_journal(place_);
  if (const auto* problem = std::get_if<Problem>(&opened)) {
    use_host_log(problem->text);
  } else if (!source_.has_journal()) {
    use_journal();
  } else if (std::exchange(looked_, true)) {
    host_.info("the journal is in a new place");
    readers_.change_place();
  }
}

void JournalSearch::use_host_log(const std::string& absence) {
  if (absence_ != absence) {
    absence_ = absence;
    host_.warning(absence_ + "; the daemon's own log is shown instead");
    host_.set_state(sdk::State::kDegraded, absence_ + "; the daemon's own log is shown instead");
  }
  if (!source_.has_journal()) return;
  source_.use_host_log();
  if (std::exchange(looked_, true)) readers_.change_log();
  host_.subscribe(kHostLog, "host/log");
}

void JournalSearch::use_journal() {
  host_.unsubscribe(kHostLog);
  absence_.clear();
  source_.use_journal();
  readers_.change_log();  // first, for its readers walk over the lines
  source_.host_log().clear();
  host_.info("there is a journal now");
  host_.set_state(sdk::State::kRunning);
}

}  // namespace backplane::log_stream
