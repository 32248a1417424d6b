#include "op/operation.hpp"

#include <utility>

#include "op/limits.hpp"

namespace backplane::op {

using base::Error;
using limits::kStreamWindowBytes;

std::string_view end_name(End end) {
  switch (end) {
    case End::kDone:
      return "DONE";
    case End::kClientGone:
      return "CLIENT_GONE";
    case End::kDeadline:
      return "DEADLINE";
    case End::kRevoked:
      return "REVOKED";
    case End::kStopping:
      return "STOPPING";
    case End::kOverrun:
      return "OVERRUN";
  }
  return "?";
}

Operation::Operation(std::shared_ptr<const exchange::Request> request, exchange::ErrorStyle style,
                     std::int64_t timeout_ms)
    : request_(std::move(request)), style_(style), timeout_ms_(timeout_ms) {}

void Operation::set_answerer(std::shared_ptr<Answerer> answerer) {
  answerer_ = std::move(answerer);
  if (answerer_ || input_bytes_ == 0) return;
  input_bytes_ = 0;  // behind a full window a client that stays could not even say goodbye
  wake();
}

Operation::Status Operation::respond(exchange::Response response) {
  if (ended_) return Error::kGone;
  if (phase_ != Phase::kWaiting) return Error::kInvalid;
  response_ = std::move(response);
  phase_ = Phase::kWhole;
  deadline_ms_ = 0;
  wake();
  return std::nullopt;
}

Operation::Status Operation::fail(const exchange::Failure& failure) {
  return respond(exchange::render_failure(style_, failure));
}

void Data::append_to(std::string& out) const {
  out += bytes;
  out += before;
  if (shared) out += *shared;
  out += after;
}

std::string Data::join() && {
  if (!shared) return std::move(bytes);
  std::string all;
  all.reserve(size());
  append_to(all);
  return all;
}

Operation::Status Operation::begin(exchange::Response head) {
  if (ended_) return Error::kGone;
  if (phase_ != Phase::kWaiting) return Error::kInvalid;
  response_ = std::move(head);
  phase_ = Phase::kStreaming;
  deadline_ms_ = 0;
  wake();
  return std::nullopt;
}

Operation::Status Operation::write(DataKind kind, std::string_view bytes) {
  if (ended_) return Error::kGone;
  if (phase_ != Phase::kStreaming || source_) return Error::kInvalid;
  if (bytes.size() > kStreamWindowBytes) return Error::kLimit;
  if (bytes.empty() && kind == DataKind::kBytes) return std::nullopt;  // an empty chunk would end the body
  if (output_bytes_ + bytes.size() > kStreamWindowBytes || output_.size() >= limits::kStreamPiecesMax) {
    writer_waits_ = true;
    return Error::kAgain;
  }
  output_bytes_ += bytes.size();
  output_.push_back({kind, std::string(bytes)});
  wake();
  return std::nullopt;
}

Operation::Status Operation::attach(std::shared_ptr<Source> source) {
  if (ended_) return Error::kGone;
  if (phase_ != Phase::kStreaming || source_) return Error::kInvalid;
  source_ = std::move(source);
  wake();
  return std::nullopt;
}

Operation::Status Operation::end(std::uint16_t code, std::string_view reason) {
  if (ended_) return Error::kGone;
  if (phase_ != Phase::kStreaming) return Error::kInvalid;
  phase_ = Phase::kEnding;
  source_.reset();
  close_code_ = code;
  close_reason_ = reason;
  wake();
  return std::nullopt;
}

Operation::Status Operation::consume(std::size_t count) {
  if (ended_) return Error::kGone;
  if (count > input_bytes_) return Error::kInvalid;
  input_bytes_ -= count;
  wake();
  return std::nullopt;
}

std::optional<Data> Operation::take_output() {
  if (output_.empty()) return source_ ? source_->take() : std::nullopt;
  Data data = std::move(output_.front());
  output_.pop_front();
  return data;
}

void Operation::sent(std::size_t bytes) {
  moved_ = moved_ || bytes != 0;
  output_bytes_ -= bytes < output_bytes_ ? bytes : output_bytes_;
  if (answerer_ && !ended_) answerer_->on_sent(bytes);
  // Half a window of room before the writer is called again, so that it works in pieces worth a call.
  if (writer_waits_ && output_bytes_ <= kStreamWindowBytes / 2 && !ended_) {
    writer_waits_ = false;
    if (answerer_) answerer_->on_writable();
  }
}

std::size_t Operation::receive_credit() const {
  return input_bytes_ >= kStreamWindowBytes ? 0 : kStreamWindowBytes - input_bytes_;
}

void Operation::deliver_part(const PartHead& part) {
  if (!ended_ && answerer_) answerer_->on_part(part);
}

void Operation::deliver(DataKind kind, std::string_view bytes, bool last) {
  if (ended_ || !answerer_) return;
  input_bytes_ += bytes.size();
  answerer_->on_data(kind, bytes, last);
}

void Operation::finish(End reason) {
  if (ended_) return;
  ended_ = true;
  end_reason_ = reason;
  deadline_ms_ = 0;
  output_.clear();
  const auto source = std::move(source_);      // whose taking may be what has led here
  const auto answerer = std::move(answerer_);  // on_end may drop the last reference to it
  const std::function<void()> wake = reason == End::kDone ? nullptr : wake_;
  if (close_) close_(*this);  // where nobody answers any more, this may drop the last reference to it as well
  if (answerer) answerer->on_end(reason);
  if (wake) wake();
}

}  // namespace backplane::op
