// A channel's transport as Beast wants its streams (an AsyncStream), for WebSockets. What the channel had already
// received is read first. I/O thread only.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "net/channel.hpp"
#include "net/limits.hpp"

namespace backplane::net {

class TlsStream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using error_code = boost::system::error_code;

  TlsStream(Channel& channel, executor_type executor)
      : channel_(channel), executor_(std::move(executor)), socket_(executor_, ::dup(channel.transport().socket())) {
    channel_.hand_over([this] { close(); });
  }

  executor_type get_executor() { return executor_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const boost::asio::mutable_buffer room = first_of<boost::asio::mutable_buffer>(buffers);
    return start([this, room] { return read(room); }, std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const boost::asio::const_buffer piece = first_piece(buffers);
    return start([this, piece] { return write(piece); }, std::forward<Token>(token));
  }

  ~TlsStream() { channel_.hand_over(nullptr); }
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  void shut_down() { channel_.shut_down(); }
  void close() {
    error_code ignored;
    socket_.close(ignored);
    channel_.close();
  }

 private:
  using Descriptor = boost::asio::posix::stream_descriptor;

  // Tries until the transport moved something or failed, waiting for readiness in between. The first try may succeed
  // at once; its completion is posted all the same, as Asio demands.
  template <class Try, class Token>
  auto start(Try attempt, Token&& token) {
    enum class Next { kTry, kReport };
    return boost::asio::async_compose<Token, void(error_code, std::size_t)>(
        [this, attempt, next = Next::kTry, first = true, result = IoResult{Io::kFailed}](
            auto& self, const error_code& waited = {}) mutable {
          if (next == Next::kReport) return self.complete(to_error(result), result.bytes);
          if (waited) return self.complete(waited, 0);
          result = attempt();
          if (result.io == Io::kWantRead || result.io == Io::kWantWrite) {
            first = false;
            const auto side = result.io == Io::kWantRead ? Descriptor::wait_read : Descriptor::wait_write;
            return socket_.async_wait(side, std::move(self));
          }
          if (!first) return self.complete(to_error(result), result.bytes);
          next = Next::kReport;
          boost::asio::post(executor_, std::move(self));
        },
        token, executor_);
  }

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    for (auto each = boost::asio::buffer_sequence_begin(buffers); each != boost::asio::buffer_sequence_end(buffers);
         ++each) {
      const Buffer buffer(*each);
      if (buffer.size() != 0) return buffer;
    }
    return {};
  }

  // What one write takes: a frame's head and a short message together, or they would be two TLS records and two system
  // calls.
  template <class Buffers>
  boost::asio::const_buffer first_piece(const Buffers& buffers) {
    const auto first = first_of<boost::asio::const_buffer>(buffers);
    if (first.size() >= limits::kReceiveBytes || first.size() == boost::asio::buffer_size(buffers)) return first;
    gathered_.resize(std::min(boost::asio::buffer_size(buffers), limits::kReceiveBytes));
    boost::asio::buffer_copy(boost::asio::buffer(gathered_), buffers);
    return boost::asio::buffer(gathered_);
  }

  IoResult read(boost::asio::mutable_buffer room) {
    if (room.size() == 0) return {Io::kDone};
    const std::string_view early = channel_.received();
    if (early.empty()) return channel_.transport().read(static_cast<char*>(room.data()), room.size());
    const std::size_t count = std::min(early.size(), room.size());
    std::memcpy(room.data(), early.data(), count);
    channel_.use(count);
    return {Io::kDone, count};
  }

  IoResult write(boost::asio::const_buffer piece) {
    if (piece.size() == 0) return {Io::kDone};
    const IoResult result = channel_.transport().write({static_cast<const char*>(piece.data()), piece.size()});
    if (result.io == Io::kDone) channel_.progressed();
    return result;
  }

  static error_code to_error(const IoResult& result) {
    if (result.io == Io::kDone) return {};
    return result.io == Io::kClosed ? error_code(boost::asio::error::eof)
                                    : error_code(boost::asio::error::connection_reset);
  }

  Channel& channel_;
  executor_type executor_;
  Descriptor socket_;     // a second descriptor of the same socket, for Asio to wait on
  std::string gathered_;  // one write at a time
};

// How Beast ends a stream of this type; found by their argument.
inline void teardown(boost::beast::role_type, TlsStream& stream, boost::system::error_code& error) {
  stream.shut_down();
  error = {};
}

template <class Handler>
void async_teardown(boost::beast::role_type, TlsStream& stream, Handler&& handler) {
  stream.shut_down();
  boost::asio::post(stream.get_executor(),
                    [handler = std::forward<Handler>(handler)]() mutable { handler(boost::system::error_code()); });
}

inline void beast_close_socket(TlsStream& stream) {
  stream.close();
}

}  // namespace backplane::net
