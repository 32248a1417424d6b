#include "log-stream/readers.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

namespace {

bool follows_by_itself(const AnswerForm& form) {
  return form.follow && !form.shared;
}

}  // namespace

std::size_t Readers::own_followers() const {
  return static_cast<std::size_t>(std::count_if(
      running_.begin(), running_.end(), [](const auto& one) { return follows_by_itself(one.second.answer.form()); }));
}

std::size_t Readers::own_followers_of(std::int64_t uid) const {
  return static_cast<std::size_t>(std::count_if(running_.begin(), running_.end(), [uid](const auto& one) {
    return follows_by_itself(one.second.answer.form()) && one.second.answer.form().uid == uid;
  }));
}

std::size_t Readers::of_user(std::int64_t uid) const {
  return static_cast<std::size_t>(std::count_if(
      running_.begin(), running_.end(), [uid](const auto& one) { return one.second.answer.form().uid == uid; }));
}

void Readers::add(sdk::Operation operation, std::unique_ptr<EntryReader> reader, const AnswerForm& form,
                  std::shared_ptr<const Masks> masks) {
  running_.try_emplace(operation.number(),
                       Running{std::move(masks), Answer(host_, operation, std::move(reader), form), -1, false, false});
  work(operation);
}

void Readers::on_end(sdk::Operation operation) {
  drop(operation);
  if (running_.empty() && !tail_.wanted()) close_tail();
}

void Readers::on_demand(std::uint32_t feed, bool wanted, std::string_view last_id) {
  tail_.want(feed, wanted, last_id);
  if (tail_.wanted()) {
    pump_tail();
  } else if (running_.empty()) {
    close_tail();
  }
}

void Readers::on_entries() {
  pump_tail();
  wake_waiting();
}

void Readers::end_masked() {
  end_where([](const AnswerForm& form) { return form.masked; }, "the configuration of the log has changed; ask again");
}

void Readers::change_log() {
  end_where([](const AnswerForm&) { return true; }, "there is another log now; ask again");
  close_tail();
  pump_tail();
}

void Readers::change_place() {
  end_where([](const AnswerForm&) { return true; }, "the journal has moved; ask again");
  if (reopen_tail()) pump_tail();
}

void Readers::stop() {
  close_tail();
  loop_.cancel_timer(kTailTimer);
}

void Readers::work(sdk::Operation operation) {
  const auto at = running_.find(operation.number());
  if (at == running_.end()) return;
  Running& running = at->second;
  const Answer::State state = running.answer.work(tail_);
  look_after_tail();
  running.waits = state == Answer::State::kWaiting;
  switch (state) {
    case Answer::State::kMore:
      return queue(operation, running);
    case Answer::State::kBlocked:
      return;
    case Answer::State::kWaiting:
      return watch(operation, running);
    case Answer::State::kOver:
      if (!running.answer.problem().empty()) host_.warning("an answer was cut off: " + running.answer.problem());
      return drop(operation);
  }
}

void Readers::queue(sdk::Operation operation, Running& running) {
  if (std::exchange(running.queued, true)) return;
  const bp_status status = loop_.post([this, operation] {
    const auto at = running_.find(operation.number());
    if (at == running_.end()) return;
    at->second.queued = false;
    work(operation);
  });
  if (status == BP_OK) return;
  host_.warning("an answer was cut off: the plugin's queue is full");
  let_go(operation, "too much is asked of the log at this moment");
}

void Readers::watch(sdk::Operation operation, Running& running) {
  if (running.answer.form().shared) return;  // goes on when the tail is through
  const int descriptor = running.answer.descriptor();
  if (descriptor < 0 || running.watched == descriptor) return;
  if (loop_.watch_fd(descriptor, BP_FD_READ, [this, operation](std::uint32_t) { work(operation); }) == BP_OK) {
    running.watched = descriptor;
    return;
  }
  host_.warning("a follower was let go: the journal cannot be watched for it");
  let_go(operation, "the journal cannot be watched for new entries");
}

void Readers::end_where(const std::function<bool(const AnswerForm&)>& picks, std::string_view why) {
  std::vector<sdk::Operation> operations;
  for (const auto& [number, running] : running_) {
    if (picks(running.answer.form())) operations.push_back(running.answer.operation());
  }
  for (const sdk::Operation operation : operations) let_go(operation, why);
}

void Readers::let_go(sdk::Operation operation, std::string_view why) {
  const auto at = running_.find(operation.number());
  if (at != running_.end()) at->second.answer.break_off(why);
  drop(operation);
}

void Readers::drop(sdk::Operation operation) {
  const auto at = running_.find(operation.number());
  if (at == running_.end()) return;
  if (at->second.watched >= 0) loop_.unwatch_fd(at->second.watched);
  running_.erase(at);
}

void Readers::pump_tail() {
  if (!tail_.is_open() && !reopen_tail()) return;
  tail_.pump();
  look_after_tail();
  if (Tail::is_through(tail_.pumped())) wake_waiting();
}

bool Readers::reopen_tail() {
  unwatch_tail();
  if (!tail_.wanted()) {
    tail_.close();
    wake_waiting();  // who is on the way to a feed opens it again
    return false;
  }
  if (tail_.reopen()) return true;
  pump_tail_in(kTailReopenMs);
  return false;
}

// Whoever has pumped it, what it has said then is dealt with here.
void Readers::look_after_tail() {
  switch (tail_.pumped()) {
    case Tail::Pumped::kNothing:
    case Tail::Pumped::kAll:
      break;
    case Tail::Pumped::kMore:
      pump_tail_in(0);
      break;
    case Tail::Pumped::kStalled:
      pump_tail_in(kTailRetryMs);
      break;
    case Tail::Pumped::kFailed:
      if (!tail_timer_set_) host_.warning("the log cannot be followed at the moment: " + tail_.problem());
      pump_tail_in(kTailReopenMs);  // not at once: it may fail again and again
      break;
  }
  watch_tail();
}

// One that is set already stays: else whoever works in between would put it off for ever.
void Readers::pump_tail_in(std::int64_t delay_ms) {
  if (tail_timer_set_) return;
  const auto pump = [this] {
    tail_timer_set_ = false;
    pump_tail();
  };
  tail_timer_set_ = loop_.set_timer(kTailTimer, sdk::Loop::Milliseconds(delay_ms), {}, pump) == BP_OK;
}

// The descriptor must be known to the loop as long as it is open and can be read, and no longer.
void Readers::watch_tail() {
  const int descriptor = tail_.descriptor();
  if (descriptor == tail_watched_) return;
  unwatch_tail();
  if (descriptor < 0) return;
  if (loop_.watch_fd(descriptor, BP_FD_READ, [this](std::uint32_t) { pump_tail(); }) == BP_OK) {
    tail_watched_ = descriptor;
  } else {
    pump_tail_in(kTailReopenMs);  // then it is looked at, and tried again
  }
}

void Readers::unwatch_tail() {
  if (tail_watched_ >= 0) loop_.unwatch_fd(std::exchange(tail_watched_, -1));
}

void Readers::close_tail() {
  unwatch_tail();
  tail_.close();
}

void Readers::wake_waiting() {
  std::vector<sdk::Operation> waiting;
  for (const auto& [number, running] : running_) {
    if (running.waits && running.watched < 0) waiting.push_back(running.answer.operation());
  }
  for (const sdk::Operation operation : waiting) work(operation);
}

}  // namespace backplane::log_stream
