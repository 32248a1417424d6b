// One client that reads the log: takes entries from its reader, writes them in its form under the credit of its
// operation, and in the end finishes, waits for more, or hands the client over to the feed that all others read.
// Plugin's thread only.
#pragma once

#include <backplane/host.hpp>
#include <backplane/operation.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "log-stream/entry.hpp"
#include "log-stream/formats/formatter.hpp"
#include "log-stream/tail.hpp"

namespace backplane::log_stream {

struct AnswerForm {
  Format format = Format::kShort;
  bool messages = false;       // a WebSocket: each entry is a message
  bool entry_a_piece = false;  // each entry is a chunk of its own (pikvm.md §6), else as many as fit
  bool masked = true;
  bool follow = false;
  std::int64_t uid = 0;  // whose it is
  bool shared = false;   // follows what every other reader of that form follows
};

class Answer {
 public:
  Answer(const sdk::Host& host, sdk::Operation operation, std::unique_ptr<EntryReader> reader, AnswerForm form)
      : host_(host), operation_(operation), reader_(std::move(reader)), form_(form), formatter_(form.format) {}

  enum class State {
    kMore,     // has done its share: call work again soon
    kBlocked,  // the client has to take something first: on_writable follows
    kWaiting,  // for entries: its reader's descriptor says when; a shared one goes on when the tail is through
    kOver,     // ended, or handed over
  };
  State work(Tail& tail);

  // Readable when a waiting one should work again; -1: see EntryReader. It is open as long as the answer lives.
  int descriptor() { return reader_->descriptor(); }
  const AnswerForm& form() const { return form_; }
  sdk::Operation operation() const { return operation_; }
  // Ends it before its time, with a last entry that says why, where there is room for it.
  void break_off(std::string_view why);
  // The log cannot be read further; empty: nothing is wrong.
  const std::string& problem() const { return problem_; }

 private:
  enum class Taken { kOne, kPause, kEnd, kOver };
  Taken take();
  void append();
  bool flush();
  State at_end(Tail& tail);
  State hand_over(Tail& tail);
  State cut_off(const std::string& problem);
  void say_cut_off(std::string_view problem);
  State finish();
  bool piece_is_full() const;

  const sdk::Host& host_;
  sdk::Operation operation_;
  std::unique_ptr<EntryReader> reader_;
  const AnswerForm form_;
  Formatter formatter_;
  Entry entry_;
  std::string piece_;        // formatted, and not written yet
  std::size_t written_ = 0;  // of it
  bool finished_ = false;    // no entry follows
  std::string problem_;
};

}  // namespace backplane::log_stream
