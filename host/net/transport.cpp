#include "net/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <utility>

#include "net/limits.hpp"

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

Transport::Transport(base::UniqueFd socket, const std::shared_ptr<const TlsContext>& tls)
    : socket_(std::move(socket)), tls_(tls != nullptr) {
  if (tls) session_ = tls->accept_on(socket_.get());
  if (session_ == nullptr) return;
  SSL_set_msg_callback(session_, on_tls_message);
  SSL_set_msg_callback_arg(session_, this);
}

Transport::~Transport() {
  SSL_free(session_);
}

IoResult Transport::handshake() {
  if (session_ == nullptr) return {Io::kFailed};
  ERR_clear_error();
  const int result = SSL_do_handshake(session_);
  if (result != 1) return tls_result(result);
  records_without_data_ = 0;
  return {Io::kDone};
}

// OpenSSL calls this for the head of each record, and in TLS 1.3 once more for the type within, for outside all look
// like data.
void Transport::on_tls_message(int written, int, int content_type, const void* bytes, std::size_t size, ssl_st*,
                               void* self) {
  const bool tells_type = content_type == SSL3_RT_HEADER || content_type == SSL3_RT_INNER_CONTENT_TYPE;
  if (written != 0 || !tells_type || size == 0) return;
  if (*static_cast<const unsigned char*>(bytes) == SSL3_RT_APPLICATION_DATA) return;
  static_cast<Transport*>(self)->count_record_without_data();
}

void Transport::count_record_without_data() {
  const int most =
      SSL_is_init_finished(session_) == 1 ? limits::kRecordsWithoutDataPerSecondMax : limits::kHandshakeRecordsMax;
  if (++records_without_data_ <= most) return;
  flooded_ = true;
  // The one way to end OpenSSL's loop from within: it throws away what it still reads and returns.
  SSL_set_shutdown(session_, SSL_get_shutdown(session_) | SSL_RECEIVED_SHUTDOWN);
}

IoResult Transport::read(char* buffer, std::size_t size) {
  if (tls_) return read_tls(buffer, size);
  const IoResult result = socket_result(::recv(socket_.get(), buffer, size, 0), Io::kWantRead);
  drained_ = result.io != Io::kDone || result.bytes < size;
  return result;
}

IoResult Transport::read_tls(char* buffer, std::size_t size) {
  // OpenSSL reads ahead into a buffer of a whole record (16 KiB). Where that buffer was empty and far less came, the
  // socket had no more.
  constexpr std::uint64_t kSurelyShortBytes = 4096;
  if (session_ == nullptr) return {Io::kFailed};
  ERR_clear_error();
  const bool was_empty = SSL_has_pending(session_) == 0;
  const std::uint64_t before = BIO_number_read(SSL_get_rbio(session_));
  const int result = SSL_read(session_, buffer, as_int(size));
  const bool has_data = result > 0 && !flooded_;
  const IoResult outcome = has_data ? IoResult{Io::kDone, static_cast<std::size_t>(result)} : tls_result(result);
  const std::uint64_t taken = BIO_number_read(SSL_get_rbio(session_)) - before;
  drained_ = outcome.io == Io::kWantRead || (was_empty && taken < kSurelyShortBytes);
  return outcome;
}

IoResult Transport::write(std::string_view bytes) {
  if (!tls_) {
    return socket_result(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), Io::kWantWrite);
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
  if (!socket_) return;
  if (session_ != nullptr && SSL_is_init_finished(session_) == 1) {
    ERR_clear_error();
    SSL_shutdown(session_);
  }
  ::shutdown(socket_.get(), SHUT_WR);
}

void Transport::close() {
  // TLS goes first: it would use the descriptor's number, which may soon be another file's.
  SSL_free(session_);
  session_ = nullptr;
  socket_.reset();
}

IoResult Transport::tls_result(int result) {
  if (flooded_) return {Io::kFailed};
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
