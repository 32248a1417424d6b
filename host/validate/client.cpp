#include "validate/client.hpp"

#include <algorithm>

namespace backplane::validate {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;  // as a TLS record brings them

}  // namespace

void Client::look() {
  using Phase = op::Operation::Phase;
  if (operation_->ended() || operation_->phase() == Phase::kWaiting) return;
  if (!head_) {
    head_ = operation_->take_response();
    bytes_ = head_->bytes().size();
  }
  if (operation_->phase() == Phase::kWhole) {
    finished_ = true;
    return operation_->finish(op::End::kDone);
  }
  streams_ = true;
  while (reading_) {
    const auto data = operation_->take_output();
    if (!data) break;
    bytes_ += data->size();
    operation_->sent(data->size());
  }
  if (operation_->phase() == Phase::kEnding && !operation_->has_output()) {
    finished_ = true;
    operation_->finish(op::End::kDone);
  }
}

void Client::read_on() {
  reading_ = true;
  look();
}

std::size_t Client::upload(std::string_view body, bool ends) {
  std::size_t sent = 0;
  while (!operation_->ended() && operation_->receive_credit() != 0 && (sent < body.size() || (body.empty() && ends))) {
    const std::size_t size = std::min({kPieceBytes, body.size() - sent, operation_->receive_credit()});
    const bool last = ends && sent + size == body.size();
    operation_->deliver(op::DataKind::kBytes, body.substr(sent, size), last);
    sent += size;
    if (last) break;
  }
  return sent;
}

}  // namespace backplane::validate
