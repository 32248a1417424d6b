#include "net/transport.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "net/tls/self_signed.hpp"
#include "support/client.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::net {
namespace {

// A descriptor's number is soon another file's: what TLS still has to say must not be written there.
TEST(Transport, UsesNoDescriptorAfterItWasClosed) {
  const support::TemporaryDirectory directory;
  const auto files = ensure_self_signed(directory.path(), {"localhost"});
  ASSERT_TRUE(files);
  const auto tls = TlsContext::load(files->certificate, files->private_key);
  ASSERT_TRUE(tls);
  const base::UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::thread client([&] { support::Client::tls(ntohs(address.sin_port)).read_some(); });
  base::UniqueFd accepted(::accept(listener.get(), nullptr, nullptr));
  const int number = accepted.get();
  Transport transport(std::move(accepted), *tls);
  EXPECT_EQ(transport.handshake().io, Io::kDone);  // the socket blocks, so one call is enough

  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
  const base::UniqueFd peer(pair[0]);
  transport.close();
  const base::UniqueFd reused(::fcntl(pair[1], F_DUPFD, number));
  ::close(pair[1]);
  EXPECT_EQ(reused.get(), number);
  transport.shut_down();
  EXPECT_EQ(transport.write("late").io, Io::kFailed);
  char byte = 0;
  EXPECT_EQ(::recv(peer.get(), &byte, 1, 0), -1) << "something was written into another file";
  EXPECT_EQ(errno, EAGAIN);
  client.join();
}

}  // namespace
}  // namespace backplane::net
