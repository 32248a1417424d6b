// A way past the runner to the connection with the daemon. Frames are written with the daemon's own code, so that only
// what is meant is wrong.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "backplane/ext/http.h"
#include "link/wire/codec.hpp"
#include "link/wire/message.hpp"
#include "link/wire/shared_page.hpp"

namespace hostile {

namespace link = backplane::link;
using link::Code;

inline void send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(link::kRunnerSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN) return;
    pollfd ready{link::kRunnerSocket, POLLOUT, 0};
    ::poll(&ready, 1, -1);
  }
}

inline std::string frame(const link::Message& message) {
  std::string payload;
  link::encode_payload(message, payload);
  std::string bytes;
  link::write_frame_head(
      {static_cast<std::uint32_t>(payload.size()), static_cast<std::uint16_t>(message.code), 0, message.id}, bytes);
  return bytes + payload;
}
inline void say(const link::Message& message) {
  send_bytes(frame(message));
}

// Bytes with descriptors beside them.
inline void send_with(std::string_view bytes, const std::vector<int>& descriptors) {
  std::vector<char> control(CMSG_SPACE(descriptors.size() * sizeof(int)));
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* attached = CMSG_FIRSTHDR(&header);
  attached->cmsg_level = SOL_SOCKET;
  attached->cmsg_type = SCM_RIGHTS;
  attached->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
  std::memcpy(CMSG_DATA(attached), descriptors.data(), descriptors.size() * sizeof(int));
  ::sendmsg(link::kRunnerSocket, &header, MSG_NOSIGNAL);
}

// The head of an answer whose payload of that many bytes is in shared memory.
inline std::string shared_head(std::uint32_t length, bp_op op) {
  std::string head;
  link::write_frame_head({length, static_cast<std::uint16_t>(Code::kRespond), link::kFrameShared, op}, head);
  return head;
}

inline backplane::exchange::Response answer(std::string body) {
  backplane::exchange::Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

// Told past the runner, and so at once: from here on the misdeed is under way.
inline void tell_that_it_begins() {
  say({Code::kState, 0, link::State{false, "here"}});
}

}  // namespace hostile
