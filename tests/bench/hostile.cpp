// Clients that send one thing over TLS as fast as a server takes it, until they are ended:
//   bench_hostile KIND PORT CONNECTIONS [TOKEN]
// KIND is requests, records, chunks, key-updates or pings. They come from 127.0.0.2, and a connection that ends is made
// anew. ./dev bench fairness runs it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int kRequestsAtOnce = 200;
constexpr int kBodyBytes = 4000;  // under what a stranger may send
constexpr int kStepsATurn = 16;   // of one connection, before the next

std::string many(std::string_view piece, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += piece;
  return all;
}

// What a connection of that kind sends: `first` once, then `again` for ever, in writes of so many bytes.
struct Script {
  std::string first;
  std::string again;
  std::size_t write_bytes = 16 * 1024;
  bool key_updates = false;
};

Script script_of(const std::string& kind, const std::string& token) {
  const std::string login = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n";
  const std::string length = "Content-Length: " + std::to_string(kBodyBytes) + "\r\n\r\n";
  if (kind == "requests") {
    return {.again = many("GET /api/auth/check HTTP/1.1\r\nHost: localhost\r\n\r\n", kRequestsAtOnce)};
  }
  if (kind == "records") return {.again = login + length + std::string(kBodyBytes, 'x'), .write_bytes = 1};
  if (kind == "chunks") {
    return {.again = login + "Transfer-Encoding: chunked\r\n\r\n" + many("1\r\nx\r\n", kBodyBytes) + "0\r\n\r\n"};
  }
  if (kind == "key-updates") return {.key_updates = true};
  if (kind == "pings") {
    return {.first = "GET /api/v1/logs/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
                     "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            .again = many({"\x89\x80\0\0\0\0", 6}, 2000)};
  }
  std::exit(2);
}

class Connection {
 public:
  Connection(SSL_CTX* context, int port, const Script& script) : context_(context), port_(port), script_(script) {}
  ~Connection() { end(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Goes on as far as it can without waiting. False: the server takes nothing now.
  bool go_on() {
    if (session_ == nullptr && !begin()) return false;
    bool moved = false;
    for (int step = 0; step < kStepsATurn; ++step) {
      const bool read = drain();
      if (session_ == nullptr) return true;
      const bool written = script_.key_updates ? update_key() : write_some();
      if (session_ == nullptr || (!read && !written)) break;
      moved = true;
    }
    return moved;
  }
  pollfd waits_for() const { return {socket_, POLLIN | POLLOUT, 0}; }

 private:
  bool begin() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.0.2", &from.sin_addr);
    sockaddr_in to = from;
    to.sin_port = htons(static_cast<std::uint16_t>(port_));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    session_ = SSL_new(context_);
    SSL_set_fd(session_, socket_);
    const bool connected = ::bind(socket_, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0 &&
                           ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    const timeval patience{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!connected || SSL_connect(session_) != 1) {
      end();
      return false;
    }
    BIO_set_nbio(SSL_get_rbio(session_), 1);
    BIO_socket_nbio(socket_, 1);
    unsent_ = script_.first;
    return true;
  }
  void end() {
    SSL_free(session_);
    session_ = nullptr;
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  bool keep(int result) {
    if (result > 0) return true;
    const int error = SSL_get_error(session_, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) end();
    return false;
  }
  bool drain() {
    char answers[16 * 1024];
    return keep(SSL_read(session_, answers, sizeof answers));
  }
  bool write_some() {
    if (unsent_.empty()) unsent_ = script_.again;
    const std::string_view piece = unsent_.substr(0, script_.write_bytes);
    const int sent = SSL_write(session_, piece.data(), static_cast<int>(piece.size()));
    if (sent > 0) unsent_.remove_prefix(static_cast<std::size_t>(sent));
    return keep(sent);
  }
  bool update_key() {
    return SSL_key_update(session_, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && keep(SSL_do_handshake(session_));
  }

  SSL_CTX* const context_;
  const int port_;
  const Script& script_;
  int socket_ = -1;
  SSL* session_ = nullptr;
  std::string_view unsent_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  const Script script = script_of(argv[1], argc > 4 ? argv[4] : "");
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    connections.push_back(std::make_unique<Connection>(context, std::atoi(argv[2]), script));
  }
  for (;;) {
    bool moved = false;
    for (const auto& connection : connections) moved = connection->go_on() || moved;
    if (moved) continue;
    std::vector<pollfd> waiting;
    for (const auto& connection : connections) waiting.push_back(connection->waits_for());
    ::poll(waiting.data(), waiting.size(), 10);
  }
}
