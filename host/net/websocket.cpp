#include "net/websocket.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>

#include "auth/credentials.hpp"
#include "net/limits.hpp"
#include "net/tls/tls_stream.hpp"
#include "op/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using op::End;
using Phase = op::Operation::Phase;

namespace {

using Stream = websocket::stream<TlsStream&, false>;  // no compression: it costs hundreds of KB a client

beast::http::request<beast::http::empty_body> as_beast(const exchange::Request& request) {
  beast::http::request<beast::http::empty_body> upgrade;
  upgrade.method(beast::http::verb::get);
  upgrade.version(11);
  upgrade.target({request.target.data(), request.target.size()});
  for (const exchange::Header& header : request.headers) {
    upgrade.insert({header.name.data(), header.name.size()}, {header.value.data(), header.value.size()});
  }
  return upgrade;
}

// The close frame that tells the client why the host ends it (RFC 6455 §7.4.1).
websocket::close_reason reason_of(End end) {
  switch (end) {
    case End::kRevoked:
      return {websocket::close_code::policy_error, "The session has ended"};
    case End::kStopping:
      return {websocket::close_code::going_away, "Stopping"};
    case End::kOverrun:
      return {websocket::close_code::policy_error, "A limit was broken"};
    default:
      return {websocket::close_code::normal, ""};
  }
}

class WebSocket {
 public:
  WebSocket(Services& services, Channel& channel, op::Operation& operation)
      : services_(services),
        channel_(channel),
        operation_(operation),
        transport_(channel, services.io.get_executor()),
        stream_(transport_),
        output_(services.io),
        credit_(services.io) {}

  asio::awaitable<void> run() {
    using asio::experimental::awaitable_operators::operator&&;
    if (!co_await accept()) co_return operation_.finish(End::kClientGone);
    operation_.set_wake([this] {
      if (operation_.ended()) expect_farewell();
      output_.notify();
      credit_.notify();
    });
    co_await (read_messages() && write_messages());
    operation_.set_wake(nullptr);
  }

 private:
  asio::awaitable<bool> accept() {
    // Beast pings after half of the idle time and drops the peer after the whole of it.
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = std::chrono::milliseconds(limits::kHandshakeMs);
    timeouts.idle_timeout = std::chrono::milliseconds(2 * limits::kWebSocketPingMs);
    timeouts.keep_alive_pings = true;
    stream_.set_option(timeouts);
    stream_.read_message_max(op::limits::kWebSocketMessageBytesMax);
    stream_.auto_fragment(false);
    stream_.set_option(websocket::stream_base::decorator([this](websocket::response_type& answer) {
      answer.set(beast::http::field::server, "Backplane");  // else Beast names itself and its version
      const std::string_view subprotocol = auth::answered_subprotocol(operation_.request());
      if (!subprotocol.empty() && operation_.request().principal) {
        answer.set(beast::http::field::sec_websocket_protocol, {subprotocol.data(), subprotocol.size()});
      }
      for (const exchange::Field& header : operation_.take_response().headers) answer.set(header.name, header.value);
    }));
    boost::system::error_code error;
    co_await stream_.async_accept(as_beast(operation_.request()), asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  asio::awaitable<void> read_messages() {
    beast::flat_buffer buffer;
    boost::system::error_code error;
    while (!operation_.ended()) {
      if (operation_.receive_credit() == 0) {
        if (!credit_.take()) co_await credit_.wait();
        continue;
      }
      co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
      const auto bytes = buffer.cdata();
      operation_.deliver(stream_.got_text() ? op::DataKind::kText : op::DataKind::kBinary,
                         {static_cast<const char*>(bytes.data()), bytes.size()}, false);
      buffer.consume(bytes.size());
    }
    if (!operation_.ended()) {
      operation_.finish(error == websocket::error::message_too_big ? End::kOverrun : End::kClientGone);
      output_.notify();
    }
  }

  asio::awaitable<void> write_messages() {
    boost::system::error_code error;
    for (;;) {
      while (auto data = operation_.take_output()) {
        stream_.text(data->kind == op::DataKind::kText);
        const std::string message = std::move(*data).join();
        channel_.set_stall(limits::kStreamStallMs, now_ms());
        co_await stream_.async_write(asio::buffer(message), asio::redirect_error(asio::use_awaitable, error));
        channel_.set_deadline(0);
        if (error) co_return abandon();
        operation_.sent(message.size());
      }
      if (const auto end = operation_.end_reason()) {
        expect_farewell();
        if (*end != End::kClientGone) co_await close(reason_of(*end));
        co_return transport_.close();
      }
      if (operation_.phase() == Phase::kEnding) {
        websocket::close_reason reason(operation_.close_code() == 0 ? websocket::close_code::normal
                                                                    : websocket::close_code(operation_.close_code()));
        reason.reason.assign(operation_.close_reason().substr(0, reason.reason.max_size()));
        co_await close(reason);
        operation_.finish(End::kDone);
        co_return transport_.close();
      }
      if (!output_.take()) co_await output_.wait();
    }
  }

  // Says why and waits for the client to say the same.
  asio::awaitable<void> close(websocket::close_reason reason) {
    boost::system::error_code ignored;
    co_await stream_.async_close(reason, asio::redirect_error(asio::use_awaitable, ignored));
  }

  // The client takes nothing any more: the reader ends as soon as its socket is closed.
  void abandon() {
    operation_.finish(End::kClientGone);
    transport_.close();
  }

  // A client that takes nothing must not keep the connection: S-13 gives it a second from the end of its session.
  void expect_farewell() { channel_.set_last_moment(now_ms() + limits::kFarewellMs); }
  std::int64_t now_ms() const { return services_.clock.steady_ms(); }

  Services& services_;
  Channel& channel_;
  op::Operation& operation_;
  TlsStream transport_;
  Stream stream_;
  Waker output_;
  Waker credit_;
};

}  // namespace

asio::awaitable<void> run_websocket(Services& services, Channel& channel, op::Operation& operation) {
  channel.set_deadline(0);
  WebSocket socket(services, channel, operation);
  co_await socket.run();
}

}  // namespace backplane::net
