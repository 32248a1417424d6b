#include "log-stream/log_source.hpp"

#include <systemd/sd-id128.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "log-stream/journal/journal_reader.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

std::string present_boot_id() {
  sd_id128_t id{};
  char text[SD_ID128_STRING_MAX] = {};
  return sd_id128_get_boot(&id) < 0 ? std::string(32, '0') : std::string(sd_id128_to_string(id, text));
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

}  // namespace

LogSource::LogSource() : boot_id_(present_boot_id()), host_log_(host_name(), boot_id_) {}

sdk::Result<std::unique_ptr<EntryReader>> LogSource::open(const JournalPlace& place, const Query& query, Fields fields,
                                                          const Masks* masks) const {
  if (!has_journal_) return host_log_.open(query, masks);
  auto opened = JournalReader::open(place, query, fields, masks);
  if (!opened) return std::move(opened).failure();
  return *std::move(opened);
}

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
  if (!opened) {
    use_host_log(opened.failure().text);
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
