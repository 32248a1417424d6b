// Writes answers to a channel: whole ones, and streams piece by piece. Counts and logs each. I/O thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "exchange/request.hpp"
#include "exchange/response.hpp"
#include "net/answer_head.hpp"
#include "net/channel.hpp"
#include "net/services.hpp"
#include "op/operation.hpp"

namespace backplane::net {

class AnswerSender {
 public:
  AnswerSender(Services& services, Channel& channel) : services_(services), channel_(channel) {}

  // A new request: what the answers to it depend on. It must outlive them.
  void start(const exchange::Request& request, bool keep_alive);

  // All of these are false where the peer took too long or has gone.
  boost::asio::awaitable<bool> send_whole(const exchange::Response& response);
  // Sends what the operation has ready. Once its end is reached and sent, finishes it with DONE.
  boost::asio::awaitable<bool> send_stream(op::Operation& operation);
  boost::asio::awaitable<bool> send_continue();

  bool head_sent() const { return head_sent_; }
  // Whether the answer that was sent lets the connection go on.
  bool keeps_alive() const { return keep_alive_; }
  // Counts and logs an answer whose bytes somebody else writes.
  void record(int status, std::size_t bytes);

 private:
  void append_stream_head(op::Operation& operation);
  std::size_t append_stream_pieces(op::Operation& operation);

  Services& services_;
  Channel& channel_;
  const exchange::Request* request_ = nullptr;
  bool head_only_ = false;
  bool keep_alive_ = true;
  bool head_sent_ = false;
  BodyForm form_ = BodyForm::kLength;
  std::string out_;  // kept between answers for its capacity
};

}  // namespace backplane::net
