// A blocking HTTP client that sends exactly the bytes it is told to, over TLS, TCP or a Unix socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace backplane::support {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;  // 0: the connection ended before an answer
  Headers headers;
  std::string body;  // chunks joined
  std::vector<std::string> chunks;
  std::string head;  // as received

  // The first header of that name (ASCII case ignored); empty where there is none.
  std::string header(std::string_view name) const;
  // "auth_token=…" out of Set-Cookie, up to the first ';'.
  std::string cookie() const;
};

class Client {
 public:
  // `source`: the address of loopback to come from, where another than 127.0.0.1 is wanted.
  static Client tls(std::uint16_t port, int tls_version = 0, const std::string& source = {});
  // Offers the ticket that an earlier connection was given; in TLS 1.3 that comes with its first answer.
  static Client tls_resuming(std::uint16_t port, const Client& earlier);
  static Client tcp(std::uint16_t port, const std::string& source = {});
  static Client unix_socket(const std::string& path);
  Client(Client&& other) noexcept;
  ~Client();

  // Sends a request with Host (unless given) and, for a body, Content-Length; reads the answer.
  Reply request(const std::string& method, const std::string& target, const Headers& headers = {},
                const std::string& body = {});
  Reply get(const std::string& target, const Headers& headers = {}) { return request("GET", target, headers); }
  // An urlencoded form.
  Reply post_form(const std::string& target, const std::string& form, Headers headers = {});

  // False where the peer no longer takes bytes.
  bool send(std::string_view bytes);
  // So many records that carry no data: a new key each. False where the peer no longer takes them.
  bool send_key_updates(int count);
  // Reads one answer; `no_body` for answers to HEAD.
  Reply read_reply(bool no_body = false);
  // Reads at least one byte more; empty at the end of the connection or after 20 s.
  std::string read_some();
  // Whether the peer ended the connection with nothing more said.
  bool ended();
  // Ends this side in both directions.
  void close();
  int fd() const { return fd_.get(); }
  std::string tls_version() const;
  // The server's, as DER.
  std::string peer_certificate() const;
  bool session_reused() const;

 private:
  explicit Client(base::UniqueFd fd) : fd_(std::move(fd)) {}
  bool fill();
  void shake_hands(int tls_version, ssl_session_st* ticket);

  base::UniqueFd fd_;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* session_ = nullptr;
  std::string buffer_;
};

// "Basic …" of user and password.
std::string basic(const std::string& user, const std::string& password);

}  // namespace backplane::support
