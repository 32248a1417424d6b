#include "log-stream/answer.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "log-stream/entry.hpp"
#include "log-stream/feeds.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {

Answer::State Answer::work(Tail& tail) {
  reader_->on_ready();  // also where the client has to take something first: the descriptor would stay readable
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kWorkMs);
  for (std::size_t i = 0; i < kEntriesPerSlice && std::chrono::steady_clock::now() < until; ++i) {
    if ((piece_is_full() || finished_) && !flush()) return State::kBlocked;
    if (finished_) return finish();
    switch (take()) {
      case Taken::kOne:
        break;
      case Taken::kPause:
        return flush() ? State::kMore : State::kBlocked;
      case Taken::kEnd:
        if (!flush()) return State::kBlocked;
        return form_.follow ? at_end(tail) : finish();
      case Taken::kOver:
        finished_ = true;
        break;
    }
  }
  return State::kMore;
}

Answer::Taken Answer::take() {
  switch (reader_->next(entry_)) {
    case EntryReader::Step::kEntry:
      append();
      return Taken::kOne;
    case EntryReader::Step::kPause:
      return Taken::kPause;
    case EntryReader::Step::kEnd:
      return Taken::kEnd;
    case EntryReader::Step::kFinished:
      return Taken::kOver;
    case EntryReader::Step::kFailed:
      say_cut_off(reader_->problem());
      return Taken::kOver;
  }
  return Taken::kOver;
}

// The last entry of an answer that is not whole: its end alone would look like the end of the log.
void Answer::say_cut_off(std::string_view problem) {
  problem_ = problem;
  make_notice("the log ends here for now, and is not whole: " + problem_, entry_);
  append();
}

void Answer::append() {
  const std::size_t before = piece_.size();
  formatter_.append(entry_, piece_);
  if (!form_.messages) return;
  if (piece_.size() - before > kMessageBytesMax) {
    Entry shortened;
    shorten(entry_, shortened);
    piece_.resize(before);
    formatter_.append(shortened, piece_);
  }
  if (piece_.ends_with('\n')) piece_.pop_back();  // a message has its own end
}

bool Answer::piece_is_full() const {
  return form_.messages || form_.entry_a_piece ? !piece_.empty() : piece_.size() >= kPieceBytes;
}

// All that is formatted is with the host, or the operation has ended. False: it has no room now.
bool Answer::flush() {
  const auto kind = form_.messages ? sdk::DataKind::kText : sdk::DataKind::kBytes;
  while (written_ < piece_.size()) {
    const std::size_t size = form_.messages ? piece_.size() : std::min(piece_.size() - written_, kWriteBytesMax);
    const bp_status status = operation_.write(std::string_view(piece_).substr(written_, size), kind);
    if (status == BP_E_AGAIN) return false;
    if (status != BP_OK) break;  // gone: on_end is on its way
    written_ += size;
  }
  piece_.clear();
  written_ = 0;
  return true;
}

// The shared reader and this one have read to the same place where neither finds anything while the other does not:
// from there on the feed has every entry that this client has not.
Answer::State Answer::at_end(Tail& tail) {
  if (!form_.shared) return State::kWaiting;
  if (!tail.open()) return cut_off(tail.problem());
  for (int i = 0; i < kHandOverTriesMax; ++i) {
    Tail::Pumped pumped = tail.pump();
    if (Tail::is_through(pumped)) {
      reader_->on_ready();
      const Taken taken = take();
      if (taken == Taken::kOver) finished_ = true;
      if (taken == Taken::kOver || taken == Taken::kPause) return State::kMore;
      if (taken == Taken::kOne) {
        if (!flush()) return State::kBlocked;
        continue;
      }
      pumped = tail.pump();
      if (pumped == Tail::Pumped::kNothing) return hand_over(tail);
    }
    if (pumped == Tail::Pumped::kFailed) return cut_off(tail.problem());
    if (!Tail::is_through(pumped)) return State::kWaiting;
  }
  return State::kMore;
}

Answer::State Answer::hand_over(Tail& tail) {
  const std::uint32_t feed = feed_of(form_.format, form_.masked);
  if (host_.attach(operation_, feed, framing_of(form_.format, form_.messages)) != BP_OK) return finish();
  // The host says when nobody reads it any more, also where this client has gone meanwhile.
  tail.want(feed, true);
  tail.tell_place(feed);
  return State::kOver;
}

Answer::State Answer::cut_off(const std::string& problem) {
  say_cut_off(problem);
  finished_ = true;
  return flush() ? finish() : State::kBlocked;
}

void Answer::break_off(std::string_view why) {
  if (flush()) {
    say_cut_off(why);
    flush();
  }
  operation_.end();
}

Answer::State Answer::finish() {
  operation_.end();
  return State::kOver;
}

}  // namespace backplane::log_stream
