#include "support/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

namespace backplane::support {
namespace {

constexpr int kTimeoutS = 20;

base::UniqueFd connect_to(const sockaddr* address, socklen_t size, const std::string& source = {}) {
  static const auto ignored = std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  if (ignored == SIG_ERR) throw std::runtime_error("cannot ignore SIGPIPE");
  base::UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval timeout{kTimeoutS, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (!source.empty()) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    if (::inet_pton(AF_INET, source.c_str(), &from.sin_addr) != 1 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
      throw std::runtime_error("cannot come from " + source);
    }
  }
  if (::connect(fd.get(), address, size) != 0)
    throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
  return fd;
}

base::UniqueFd connect_tcp(std::uint16_t port, const std::string& source = {}) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address, source);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [each, value] : headers) {
    if (same_name(each, name)) return value;
  }
  return {};
}

std::string Reply::cookie() const {
  const std::string set = header("Set-Cookie");
  return set.substr(0, set.find(';'));
}

Client Client::tls(std::uint16_t port, int tls_version, const std::string& source) {
  Client client(connect_tcp(port, source));
  client.shake_hands(tls_version, nullptr);
  return client;
}

Client Client::tls_resuming(std::uint16_t port, const Client& earlier) {
  Client client(connect_tcp(port));
  SSL_SESSION* ticket = SSL_get1_session(earlier.session_);
  client.shake_hands(SSL_version(earlier.session_), ticket);
  SSL_SESSION_free(ticket);
  return client;
}

void Client::shake_hands(int tls_version, ssl_session_st* ticket) {
  context_ = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context_, 0);
  if (tls_version != 0) {
    SSL_CTX_set_min_proto_version(context_, tls_version);
    SSL_CTX_set_max_proto_version(context_, tls_version);
  }
  session_ = SSL_new(context_);
  SSL_set_fd(session_, fd_.get());
  if (ticket != nullptr) SSL_set_session(session_, ticket);
  if (SSL_connect(session_) != 1) throw std::runtime_error("TLS handshake failed");
}

Client Client::tcp(std::uint16_t port, const std::string& source) {
  return Client(connect_tcp(port, source));
}

Client Client::unix_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("path too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return Client(connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

Client::Client(Client&& other) noexcept
    : fd_(std::move(other.fd_)),
      context_(std::exchange(other.context_, nullptr)),
      session_(std::exchange(other.session_, nullptr)),
      buffer_(std::move(other.buffer_)) {}

Client::~Client() {
  SSL_free(session_);
  SSL_CTX_free(context_);
}

Reply Client::request(const std::string& method, const std::string& target, const Headers& headers,
                      const std::string& body) {
  std::string bytes = method + " " + target + " HTTP/1.1\r\n";
  bool has_host = false;
  for (const auto& [name, value] : headers) {
    has_host = has_host || same_name(name, "Host");
    bytes += name + ": " + value + "\r\n";
  }
  if (!has_host) bytes += "Host: localhost\r\n";
  if (!body.empty() || method == "POST" || method == "PUT")
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (!send(bytes + "\r\n" + body)) return {};
  return read_reply(method == "HEAD");
}

Reply Client::post_form(const std::string& target, const std::string& form, Headers headers) {
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return request("POST", target, headers, form);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = session_ != nullptr ? SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()))
                                              : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Client::fill() {
  char bytes[16384];
  const ssize_t count =
      session_ != nullptr ? SSL_read(session_, bytes, sizeof bytes) : ::recv(fd_.get(), bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

Reply Client::read_reply(bool no_body) {
  Reply reply;
  std::size_t end = std::string::npos;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  reply.head = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  reply.status = std::atoi(reply.head.c_str() + 9);
  std::size_t line = reply.head.find("\r\n") + 2;
  while (line < end) {
    const std::size_t line_end = reply.head.find("\r\n", line);
    const std::size_t colon = reply.head.find(':', line);
    const std::size_t value = colon + (reply.head[colon + 1] == ' ' ? 2 : 1);
    reply.headers.emplace_back(reply.head.substr(line, colon - line), reply.head.substr(value, line_end - value));
    line = line_end + 2;
  }
  if (reply.status == 100) return read_reply(no_body);
  if (no_body || reply.status == 204 || reply.status == 304 || reply.status == 101) return reply;
  if (reply.header("Transfer-Encoding") == "chunked") {
    for (;;) {
      std::size_t size_end = std::string::npos;
      while ((size_end = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return {};
      }
      const std::size_t size = std::stoul(buffer_.substr(0, size_end), nullptr, 16);
      while (buffer_.size() < size_end + 2 + size + 2) {
        if (!fill()) return {};
      }
      if (size != 0) reply.chunks.push_back(buffer_.substr(size_end + 2, size));
      buffer_.erase(0, size_end + 2 + size + 2);
      if (size == 0) return reply;
      reply.body += reply.chunks.back();
    }
  }
  if (reply.header("Content-Length").empty()) {
    while (fill()) {
    }
    reply.body = std::move(buffer_);
    buffer_.clear();
    return reply;
  }
  const std::size_t size = std::stoul(reply.header("Content-Length"));
  while (buffer_.size() < size) {
    if (!fill()) return {};
  }
  reply.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return reply;
}

std::string Client::read_some() {
  if (buffer_.empty()) fill();
  return std::exchange(buffer_, {});
}

bool Client::ended() {
  if (!buffer_.empty()) return false;
  errno = 0;
  return !fill() && errno != EAGAIN && errno != EWOULDBLOCK;
}

void Client::close() {
  ::shutdown(fd_.get(), SHUT_RDWR);
}

bool Client::send_key_updates(int count) {
  for (int i = 0; i < count; ++i) {
    if (SSL_key_update(session_, SSL_KEY_UPDATE_NOT_REQUESTED) != 1 || SSL_do_handshake(session_) != 1) return false;
  }
  return true;
}

std::string Client::tls_version() const {
  return SSL_get_version(session_);
}

std::string Client::peer_certificate() const {
  X509* certificate = SSL_get1_peer_certificate(session_);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  std::string der = size > 0 ? std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)) : "";
  OPENSSL_free(bytes);
  X509_free(certificate);
  return der;
}

bool Client::session_reused() const {
  return SSL_session_reused(session_) == 1;
}

std::string basic(const std::string& user, const std::string& password) {
  const std::string text = user + ":" + password;
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, 0);
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

}  // namespace backplane::support
