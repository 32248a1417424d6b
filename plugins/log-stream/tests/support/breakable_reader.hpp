// A reader of a log that can be made to fail, as one of a journal does whose files are damaged under it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

class BreakableReader final : public EntryReader {
 public:
  BreakableReader(std::unique_ptr<EntryReader> reader, const bool& broken)
      : reader_(std::move(reader)), broken_(broken) {}

  Step next(Entry& entry) override { return broken_ ? Step::kFailed : reader_->next(entry); }
  const std::string& problem() const override { return problem_; }
  int descriptor() override { return reader_->descriptor(); }
  void on_ready() override { reader_->on_ready(); }

 private:
  const std::unique_ptr<EntryReader> reader_;
  const bool& broken_;
  const std::string problem_ = "damaged";
};

}  // namespace backplane::log_stream
