#include "net/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace backplane::net {
namespace {

IoResult socket_result(ssize_t result, Io would_block) {
  if (result > 0) return {Io::kDone, static_cast<std::size_t>(result)};
  if (result == 0) return {Io::kClosed};
  return {errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? would_block : Io::kFailed};
}

int as_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

Transport::Transport(Socket socket, const std::shared_ptr<const TlsContext>& tls)
    : socket_(std::move(socket)), tls_(tls != nullptr) {
  if (tls) session_ = tls->accept_on(socket_.native_handle());
}

Transport::~Transport() {
  SSL_free(session_);
}

IoResult Transport::handshake() {
  if (session_ == nullptr) return {Io::kFailed};
  ERR_clear_error();
  const int result = SSL_do_handshake(session_);
  return result == 1 ? IoResult{Io::kDone} : tls_result(result);
}

IoResult Transport::read(char* buffer, std::size_t size) {
  if (!tls_) return socket_result(::recv(socket_.native_handle(), buffer, size, 0), Io::kWantRead);
  if (session_ == nullptr) return {Io::kFailed};
  ERR_clear_error();
  const int result = SSL_read(session_, buffer, as_int(size));
  return result > 0 ? IoResult{Io::kDone, static_cast<std::size_t>(result)} : tls_result(result);
}

IoResult Transport::write(std::string_view bytes) {
  if (!tls_) {
    return socket_result(::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL), Io::kWantWrite);
  }
  if (session_ == nullptr) return {Io::kFailed};
  ERR_clear_error();
  const int result = SSL_write(session_, bytes.data(), as_int(bytes.size()));
  return result > 0 ? IoResult{Io::kDone, static_cast<std::size_t>(result)} : tls_result(result);
}

bool Transport::has_pending() const {
  return session_ != nullptr && SSL_has_pending(session_) == 1;
}

void Transport::shut_down() {
  if (session_ != nullptr && SSL_is_init_finished(session_) == 1) {
    ERR_clear_error();
    SSL_shutdown(session_);
  }
  ::shutdown(socket_.native_handle(), SHUT_WR);
}

void Transport::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

IoResult Transport::tls_result(int result) {
  switch (SSL_get_error(session_, result)) {
    case SSL_ERROR_WANT_READ:
      return {Io::kWantRead};
    case SSL_ERROR_WANT_WRITE:
      return {Io::kWantWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::kClosed};
    default:
      return {Io::kFailed};
  }
}

}  // namespace backplane::net
