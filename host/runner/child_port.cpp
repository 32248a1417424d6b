#include "runner/child_port.hpp"

#include <poll.h>
#include <unistd.h>

#include <utility>

#include "link/limits.hpp"

namespace backplane::runner {
namespace {

constexpr int kDaemonGone = 1;
constexpr int kLastWordsMs = 2'000;  // for the daemon to take what was said before the end

}  // namespace

void ChildPort::receive() {
  if (!readable_) return;
  const auto received = stream_.receive(link::limits::kFramesPerTurnMax, [this](link::Message& message) {
    from_host_.send(std::move(message));  // it is emptied every turn, so there is room
    return true;
  });
  if (received == link::FrameStream::Received::kAll) readable_ = false;
  if (received == link::FrameStream::Received::kClosed || received == link::FrameStream::Received::kWrong) {
    ::_exit(kDaemonGone);
  }
}

void ChildPort::send() {
  const std::lock_guard lock(sending_);
  do {
    if (to_host_.take(batch_)) from_host_.send({link::Code::kRoom, 0, {}});
    const bool more = !batch_.empty();
    for (const link::Message& message : batch_) stream_.put(message);
    batch_.clear();
    if (!stream_.flush()) ::_exit(kDaemonGone);
    if (!more) return;
  } while (stream_.unsent() < link::limits::kFramesUnsentBytesMax);
}

void ChildPort::said(link::Code code) {
  if (code == link::Code::kLog || std::this_thread::get_id() != own_thread_) send();
}

void ChildPort::send_rest() {
  for (send(); stream_.unsent() != 0; send()) {
    pollfd ready{stream_.socket(), POLLOUT, 0};
    if (::poll(&ready, 1, kLastWordsMs) <= 0) return;
  }
}

}  // namespace backplane::runner
