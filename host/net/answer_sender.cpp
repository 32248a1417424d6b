#include "net/answer_sender.hpp"

#include "net/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
using exchange::Response;
using Phase = op::Operation::Phase;

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

BodyForm body_form(int status, bool streamed, int minor_version) {
  if (status == 204 || status == 304 || status < 200) return BodyForm::kNone;
  if (!streamed) return BodyForm::kLength;
  return minor_version == 1 ? BodyForm::kChunked : BodyForm::kToClose;
}

}  // namespace

void AnswerSender::start(const exchange::Request& request, bool keep_alive) {
  request_ = &request;
  head_only_ = request.method == "HEAD";
  keep_alive_ = keep_alive;
  head_sent_ = false;
}

asio::awaitable<bool> AnswerSender::send_continue() {
  return channel_.send(kContinue, limits::kStreamStallMs, services_.clock.steady_ms());
}

asio::awaitable<bool> AnswerSender::send_whole(const Response& response) {
  form_ = body_form(response.status, false, 1);
  keep_alive_ = keep_alive_ && !response.close && !services_.draining;
  head_sent_ = true;
  const std::string_view body = response.bytes();
  const bool has_body = !head_only_ && form_ != BodyForm::kNone;
  const bool one_piece = has_body && body.size() <= limits::kReceiveBytes;  // one TLS record, one system call
  out_.clear();
  append_head(out_, response, form_, body.size(), keep_alive_, services_.clock.wall_ms());
  if (one_piece) out_ += body;
  record(response.status, out_.size() + (has_body && !one_piece ? body.size() : 0));
  const std::int64_t now_ms = services_.clock.steady_ms();
  if (!co_await channel_.send(out_, limits::kStreamStallMs, now_ms)) co_return false;
  if (!has_body || one_piece) co_return true;
  co_return co_await channel_.send(body, limits::kStreamStallMs, now_ms);
}

asio::awaitable<bool> AnswerSender::send_stream(op::Operation& operation) {
  out_.clear();
  if (!head_sent_) append_stream_head(operation);
  const std::size_t piece_bytes = append_stream_pieces(operation);
  // Who gets no body has had all of a feed.
  const bool no_body = head_only_ || form_ == BodyForm::kNone;
  const bool last =
      (operation.phase() == Phase::kEnding && !operation.has_output()) || (no_body && operation.attached());
  if (last && form_ == BodyForm::kChunked && !head_only_) out_ += kLastChunk;
  if (!co_await channel_.send(out_, limits::kStreamStallMs, services_.clock.steady_ms())) co_return false;
  channel_.set_deadline(0);
  operation.sent(piece_bytes);
  // A follower waits for its next line for hours: it must not hold the buffer of the backlog that it began with.
  if (!operation.has_output() && out_.capacity() > limits::kIdleBytesMax) std::string().swap(out_);
  if (last) operation.finish(op::End::kDone);
  co_return true;
}

void AnswerSender::record(int status, std::size_t bytes) {
  Counters& counters = services_.counters;
  std::uint64_t& counter = status < 300   ? counters.answers_2xx
                           : status < 400 ? counters.answers_3xx
                           : status < 500 ? counters.answers_4xx
                                          : counters.answers_5xx;
  ++counter;
  if (services_.logs_access) services_.access_log.record(*request_, status, bytes);
}

void AnswerSender::append_stream_head(op::Operation& operation) {
  const Response head = operation.take_response();
  form_ = body_form(head.status, true, request_->minor_version);
  keep_alive_ = keep_alive_ && form_ != BodyForm::kToClose && !head.close && !services_.draining;
  append_head(out_, head, form_, 0, keep_alive_, services_.clock.wall_ms());
  head_sent_ = true;
  record(head.status, out_.size());
}

std::size_t AnswerSender::append_stream_pieces(op::Operation& operation) {
  std::size_t taken = 0;
  while (out_.size() < limits::kWriteTurnBytesMax) {
    const auto data = operation.take_output();
    if (!data) break;
    taken += data->size();
    if (head_only_ || form_ == BodyForm::kNone) continue;
    if (form_ == BodyForm::kChunked) {
      append_chunk(out_, *data);
    } else {
      data->append_to(out_);
    }
  }
  return taken;
}

}  // namespace backplane::net
