#include "link/wire/frame_stream.hpp"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "link/limits.hpp"
#include "link/wire/shared_memory.hpp"

namespace backplane::link {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kFreshBytesMax = 256 * 1024;  // of buffers that are kept when they are empty

constexpr std::size_t kDescriptorsPerCall = 253;  // the kernel's SCM_MAX_FD

// Space for all descriptors that one recvmsg may bring: the kernel would close here those that find none.
union Control {
  cmsghdr header;
  char bytes[CMSG_SPACE(kDescriptorsPerCall * sizeof(int))];
};

// Closes descriptors that a plugin has sent, on a thread of their own. What they are is the plugin's choice, and the
// last close of some takes as long as it likes: a serial port waits for its output, a network socket may linger.
void close_elsewhere(std::vector<base::UniqueFd> descriptors) {
  try {
    std::thread([descriptors = std::move(descriptors)] {}).detach();
  } catch (const std::system_error&) {
    // No thread is to be had; they are closed by now, and rather here than never.
  }
}

}  // namespace

FrameStream::~FrameStream() {
  if (closed_ && arrived_.empty()) return;  // all was read, so that the socket holds no descriptors either
  std::vector<base::UniqueFd> strange;
  strange.push_back(std::move(socket_));
  for (base::UniqueFd& descriptor : arrived_) strange.push_back(std::move(descriptor));
  close_elsewhere(std::move(strange));
}

void FrameStream::put(const Message& message) {
  payload_.clear();
  encode_payload(message, payload_);
  if (payload_.size() > inline_bytes_max_ && put_shared(message, payload_)) return;
  write_frame_head(
      {static_cast<std::uint32_t>(payload_.size()), static_cast<std::uint16_t>(message.code), 0, message.id}, out_);
  out_ += payload_;
}

// False if there is no memory to share; the socket takes the payload then.
bool FrameStream::put_shared(const Message& message, std::string_view payload) {
  base::UniqueFd memory = share(payload);
  if (!memory) return false;
  parcels_.push_back({out_.size(), std::move(memory), payload.size()});
  parcels_bytes_ += payload.size();
  write_frame_head(
      {static_cast<std::uint32_t>(payload.size()), static_cast<std::uint16_t>(message.code), kFrameShared, message.id},
      out_);
  if (payload_.capacity() > kFreshBytesMax) std::string().swap(payload_);  // an assignment would keep the room
  return true;
}

bool FrameStream::flush() {
  while (out_at_ < out_.size()) {
    // A descriptor travels with the first byte of its frame, and nothing of the next one's in the same call.
    const bool with_memory = !parcels_.empty() && parcels_.front().at == out_at_;
    if (with_memory && !may_share(parcels_.front().bytes)) return true;
    std::size_t end = out_.size();
    if (parcels_.size() > (with_memory ? 1U : 0U)) end = parcels_[with_memory ? 1 : 0].at;
    iovec piece{out_.data() + out_at_, end - out_at_};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    Control control;
    if (with_memory) {
      header.msg_control = control.bytes;
      header.msg_controllen = CMSG_SPACE(sizeof(int));
      cmsghdr* attached = CMSG_FIRSTHDR(&header);
      attached->cmsg_level = SOL_SOCKET;
      attached->cmsg_type = SCM_RIGHTS;
      attached->cmsg_len = CMSG_LEN(sizeof(int));
      const int descriptor = parcels_.front().memory.get();
      std::memcpy(CMSG_DATA(attached), &descriptor, sizeof descriptor);
    }
    const ssize_t sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETOOMANYREFS) return true;
      return false;
    }
    out_at_ += static_cast<std::size_t>(sent);
    if (!with_memory) continue;
    shared_bytes_ += parcels_.front().bytes;
    parcels_bytes_ -= parcels_.front().bytes;
    parcels_.pop_front();
  }
  compact();
  return true;
}

// A frame with memory is small for the socket, which would hold hundreds of them for a plugin that does not read. Once
// it reads, the socket is ready again.
bool FrameStream::may_share(std::size_t bytes) {
  if (other_ != Speaker::kPlugin || shared_bytes_ == 0 || shared_bytes_ + bytes <= limits::kLinkBytesMax) return true;
  int unread = 0;
  if (::ioctl(socket_.get(), SIOCOUTQ, &unread) != 0 || unread != 0) return false;
  shared_bytes_ = 0;
  return true;
}

void FrameStream::compact() {
  out_.clear();
  out_at_ = 0;
  if (out_.capacity() > kFreshBytesMax) std::string().swap(out_);
}

FrameStream::Received FrameStream::receive(std::size_t frames_max, const std::function<bool(Message&)>& handle) {
  taken_bytes_ = 0;
  for (std::size_t frames = 0; frames < frames_max && taken_bytes_ < limits::kFrameBytesPerTurnMax;) {
    bool unknown = false;
    if (auto message = next(unknown)) {
      ++frames;
      if (!handle(*message)) return Received::kSome;
      continue;
    }
    if (unknown) {
      ++frames;
      continue;
    }
    if (!problem_.empty()) return Received::kWrong;
    switch (read_some()) {
      case Read::kSome:
        break;
      case Read::kNothing:
        return Received::kAll;
      case Read::kClosed:
        closed_ = true;
        if (in_at_ != in_end_) fail("it closed its connection within a frame");
        return in_at_ != in_end_ ? Received::kWrong : Received::kClosed;
      case Read::kWrong:
        return Received::kWrong;
    }
  }
  return Received::kSome;
}

FrameStream::Read FrameStream::read_some() {
  if (in_at_ == in_end_) in_at_ = in_end_ = 0;
  if (in_end_ == 0 && in_.size() > kFreshBytesMax) std::vector<char>().swap(in_);
  if (in_at_ > 0 && in_.size() - in_end_ < kReadBytes) {
    std::memmove(in_.data(), in_.data() + in_at_, in_end_ - in_at_);
    in_end_ -= std::exchange(in_at_, 0);
  }
  if (in_.size() - in_end_ < kReadBytes) in_.resize(in_end_ + kReadBytes);
  iovec piece{in_.data() + in_end_, in_.size() - in_end_};
  Control control;
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  const ssize_t got = ::recvmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0 && errno == EINTR) return read_some();
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Read::kNothing : Read::kClosed;
  for (cmsghdr* attached = CMSG_FIRSTHDR(&header); attached != nullptr; attached = CMSG_NXTHDR(&header, attached)) {
    if (attached->cmsg_level != SOL_SOCKET || attached->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (attached->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(attached) + i * sizeof descriptor, sizeof descriptor);
      arrived_.emplace_back(descriptor);
    }
  }
  if ((header.msg_flags & MSG_CTRUNC) != 0 || arrived_.size() > limits::kFrameDescriptorsMax) {
    fail("it sent more descriptors than frames that need one");
    return Read::kWrong;
  }
  in_end_ += static_cast<std::size_t>(got);
  return got == 0 ? Read::kClosed : Read::kSome;
}

std::optional<Message> FrameStream::next(bool& unknown) {
  const std::size_t there = in_end_ - in_at_;
  if (there < kFrameHeadBytes) return std::nullopt;
  const char* bytes = in_.data() + in_at_;
  const FrameHead head = read_frame_head({bytes, there});
  const bool shared = (head.flags & kFrameShared) != 0;
  if (head.length > (shared ? limits::kFrameSharedBytesMax : limits::kFrameBytesMax)) {
    fail(fmt::format("it sent a frame of {} bytes", head.length));
    return std::nullopt;
  }
  const std::size_t in_stream = kFrameHeadBytes + (shared ? 0 : head.length);
  if (there < in_stream) return std::nullopt;
  in_at_ += in_stream;
  taken_bytes_ += kFrameHeadBytes + head.length;
  std::optional<SharedView> memory;
  if (shared) {
    if (arrived_.empty()) {
      fail("it sent a frame for shared memory, and no memory with it");
      return std::nullopt;
    }
    memory = view_shared(arrived_.front(), head.length);
    if (!memory) {  // then it stays where it is: it may be anything, and is not closed here
      fail("it sent shared memory that is not sealed, or not as large as it said");
      return std::nullopt;
    }
    arrived_.pop_front();
  }
  if (!is_wire_code(head.code)) {
    ++unknown_frames_;
    unknown = true;
    return std::nullopt;
  }
  if (is_from_plugin(static_cast<Code>(head.code)) != (other_ == Speaker::kPlugin)) {
    fail(fmt::format("it sent {}, which is not its to say", code_name(static_cast<Code>(head.code))));
    return std::nullopt;
  }
  const std::string_view payload = memory ? memory->bytes() : std::string_view(bytes + kFrameHeadBytes, head.length);
  auto message = decode_payload(static_cast<Code>(head.code), head.id, payload);
  if (message) return std::move(*message);
  fail(message.error().message());
  return std::nullopt;
}

void FrameStream::fail(std::string problem) {
  problem_ = std::move(problem);
}

}  // namespace backplane::link
