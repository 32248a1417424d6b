// What the two ends of a connection do to each other: bounds of what is sent, and descriptors that are not memory.
#include "link/wire/frame_stream.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>

#include "link/limits.hpp"

namespace backplane::link {
namespace {

using Received = FrameStream::Received;

class FrameStreams : public testing::Test {
 protected:
  FrameStreams() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) ADD_FAILURE();
    host = std::make_unique<FrameStream>(base::UniqueFd(ends[0]), FrameStream::Speaker::kPlugin);
    theirs = base::UniqueFd(ends[1]);
  }
  // As a plugin, with the daemon's code.
  std::unique_ptr<FrameStream> plugin(std::size_t inline_bytes_max = limits::kFrameBytesMax) {
    return std::make_unique<FrameStream>(std::move(theirs), FrameStream::Speaker::kHost, inline_bytes_max);
  }
  void send(std::string_view bytes, int descriptor) const {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* attached = CMSG_FIRSTHDR(&header);
    attached->cmsg_level = SOL_SOCKET;
    attached->cmsg_type = SCM_RIGHTS;
    attached->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(attached), &descriptor, sizeof descriptor);
    EXPECT_EQ(::sendmsg(theirs.get(), &header, MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  static Message answer(std::size_t bytes) {
    exchange::Response response;
    response.body.assign(bytes, 'x');
    return {Code::kRespond, 1, std::move(response)};
  }
  static Message data(std::size_t bytes) {
    return {Code::kData, 1, Data{op::DataKind::kBytes, std::string(bytes, 'x'), false}};
  }

  std::unique_ptr<FrameStream> host;
  base::UniqueFd theirs;
};

TEST_F(FrameStreams, MemoryForAPluginThatDoesNotReadIsBoundedAndGoesOnWhenItReads) {
  constexpr std::size_t kPiece = 1024 * 1024;
  constexpr std::size_t kPieces = 4 * limits::kLinkBytesMax / kPiece;
  for (std::size_t i = 0; i < kPieces; ++i) host->put(data(kPiece));
  ASSERT_TRUE(host->flush());
  EXPECT_GE(host->unsent(), (kPieces - 1) * kPiece - limits::kLinkBytesMax);
  const auto reader = plugin();
  std::size_t read = 0;
  const auto count = [&read](Message& message) {
    read += std::get<Data>(message.payload).bytes.size();
    return true;
  };
  for (int turn = 0; turn < 1000 && read < kPieces * kPiece; ++turn) {
    reader->receive(limits::kFramesPerTurnMax, count);
    ASSERT_TRUE(host->flush());
  }
  EXPECT_EQ(read, kPieces * kPiece);
  EXPECT_EQ(host->unsent(), 0u);
}

TEST_F(FrameStreams, ATurnIsBoundedInBytesAsWell) {
  const auto writer = plugin(0);  // in shared memory, so that the socket takes them all
  for (int i = 0; i < 8; ++i) writer->put(answer(limits::kFrameBytesPerTurnMax / 2));
  ASSERT_TRUE(writer->flush());
  int handled = 0;
  const auto count = [&handled](Message&) { return ++handled > 0; };
  EXPECT_EQ(host->receive(limits::kFramesPerTurnMax, count), Received::kSome);
  EXPECT_EQ(handled, 2);
  while (host->receive(limits::kFramesPerTurnMax, count) == Received::kSome) {
  }
  EXPECT_EQ(handled, 8);
}

TEST_F(FrameStreams, AnEndWithinAFrameIsWrongAndClosed) {
  ASSERT_EQ(::send(theirs.get(), "\x05\0\0", 3, MSG_NOSIGNAL), 3);
  theirs.reset();
  EXPECT_EQ(host->receive(1, [](Message&) { return true; }), Received::kWrong);
  EXPECT_EQ(host->problem(), "it closed its connection within a frame");
  EXPECT_TRUE(host->closed());
}

// The last close of a network socket that lingers takes as long as its owner has set.
TEST_F(FrameStreams, ADescriptorWhoseCloseTakesLongHoldsNobodyUp) {
  const base::UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int small = 4096;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  base::UniqueFd lingering(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(lingering.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  base::UniqueFd deaf(::accept(listener.get(), nullptr, nullptr));
  const linger forever{1, 60};
  ASSERT_EQ(::setsockopt(lingering.get(), SOL_SOCKET, SO_LINGER, &forever, sizeof forever), 0);
  const std::string much(1024 * 1024, 'x');
  while (::send(lingering.get(), much.data(), much.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }

  std::string head;
  write_frame_head({100'000, static_cast<std::uint16_t>(Code::kRespond), kFrameShared, 1}, head);
  send(head, lingering.get());  // one that is read and refused
  send(head, lingering.get());  // one that stays in the socket
  lingering.reset();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(host->receive(1, [](Message&) { return true; }), Received::kWrong);
  host.reset();
  theirs.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
  deaf.reset();  // its data is refused now, and the close comes to its end
}

}  // namespace
}  // namespace backplane::link
