#include "net/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.hpp"
#include "net/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
using base::Checked;
using base::Error;
using base::problem;
using base::UniqueFd;

namespace {

constexpr int kAcceptsPerTurn = 32;

// What somebody can do about a bind that failed.
std::string remedy(int error) {
  switch (error) {
    case EADDRINUSE:
      return "; another program listens there: stop it or choose another port";
    case EACCES:
      return "; ports below 1024 need the capability CAP_NET_BIND_SERVICE";
    case EADDRNOTAVAIL:
      return "; no interface of this machine has that address";
    default:
      return "";
  }
}

Checked<UniqueFd> listen_tcp(const ListenerSpec& spec) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  auto* ipv4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, spec.address.c_str(), &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons(spec.port);
    size = sizeof *ipv4;
  } else if (inet_pton(AF_INET6, spec.address.c_str(), &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(spec.port);
    size = sizeof *ipv6;
  } else {
    return problem(Error::kInvalid, "'" + spec.address + "' is not an IP address", spec.name());
  }
  UniqueFd socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (socket) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket && storage.ss_family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    const int error = errno;
    return problem(Error::kIo, std::string("cannot listen: ") + std::strerror(error) + remedy(error), spec.name());
  }
  return socket;
}

Checked<UniqueFd> listen_unix(const ListenerSpec& spec) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (spec.unix_path.size() >= sizeof address.sun_path) {
    return problem(Error::kInvalid, "the path of a Unix socket has at most 107 characters", spec.name());
  }
  std::memcpy(address.sun_path, spec.unix_path.c_str(), spec.unix_path.size() + 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);

  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  int bound = ::bind(socket.get(), generic, sizeof address);
  if (bound != 0 && errno == EADDRINUSE) {
    // A file of that name: a daemon that lives answers, one that died left it behind.
    const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (::connect(probe.get(), generic, sizeof address) == 0 || errno != ECONNREFUSED) {
      return problem(Error::kConflict, "cannot listen: another program uses this socket, or the path is no socket",
                     spec.name());
    }
    ::unlink(address.sun_path);
    bound = ::bind(socket.get(), generic, sizeof address);
  }
  if (bound != 0 || ::chmod(address.sun_path, spec.unix_mode) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
    return problem(Error::kIo,
                   std::string("cannot listen: ") + std::strerror(errno) + "; the folder must exist and be writable",
                   spec.name());
  }
  return socket;
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  if (storage.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  if (storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  return 0;
}

exchange::Peer describe_peer(int socket, const sockaddr_storage& storage, bool tls) {
  exchange::Peer peer;
  peer.tls = tls;
  char text[INET6_ADDRSTRLEN] = {};
  if (storage.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text, sizeof text);
  } else if (storage.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr, text, sizeof text);
  } else {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
      peer.unix_uid = credentials.uid;
      peer.unix_pid = credentials.pid;
    }
  }
  peer.address = text;
  return peer;
}

// Small answers leave at once, the kernel does not pile up what a slow reader has yet to take, and a peer that lost its
// power does not hold its connection for hours.
void tune_socket(int socket) {
  const int on = 1;
  const int unsent_bytes = static_cast<int>(limits::kUnsentBytesMax);
  const int silent_s = limits::kPeerSilentS;
  const int unreachable_ms = limits::kPeerUnreachableMs;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &silent_s, sizeof silent_s);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unreachable_ms, sizeof unreachable_ms);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
}

}  // namespace

std::string ListenerSpec::name() const {
  if (!unix_path.empty()) return unix_path;
  const bool ipv6 = address.find(':') != std::string::npos;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

Checked<std::unique_ptr<Listener>> Listener::open(asio::io_context& io, base::Readiness& readiness, ListenerSpec spec) {
  std::shared_ptr<const TlsContext> tls;
  if (spec.tls) {
    auto loaded = TlsContext::load(spec.tls->certificate, spec.tls->private_key);
    if (!loaded) return loaded.error();
    tls = std::move(*loaded);
  }
  auto socket = spec.unix_path.empty() ? listen_tcp(spec) : listen_unix(spec);
  if (!socket) return socket.error();
  return std::unique_ptr<Listener>(new Listener(io, readiness, std::move(spec), std::move(*socket), std::move(tls)));
}

Listener::Listener(asio::io_context& io, base::Readiness& readiness, ListenerSpec spec, UniqueFd socket,
                   std::shared_ptr<const TlsContext> tls)
    : io_(io),
      readiness_(readiness),
      spec_(std::move(spec)),
      policy_(std::make_shared<const ListenerPolicy>(spec_.policy)),
      tls_(std::move(tls)),
      socket_(std::move(socket)),
      port_(bound_port(socket_.get())) {}

Listener::~Listener() {
  close();
}

void Listener::start(Accepted accepted, NoRoom no_room) {
  accepted_ = std::move(accepted);
  no_room_ = std::move(no_room);
  if (!readiness_.add(socket_.get(), *this)) {
    base::log(base::Level::kError, "{}: cannot wait for connections: {}", spec_.name(), std::strerror(errno));
  }
}

void Listener::on_ready(bool, bool) {
  accept_some();
}

// In turns, so that a flood of connections leaves the thread to the others in between.
void Listener::accept_some() {
  for (int accepts = 0; accepts < kAcceptsPerTurn; ++accepts) {
    if (!socket_ || !accepted_ || !accept_one()) return;
  }
  if (std::exchange(posted_, true)) return;
  asio::post(io_, within(memory_, [this] {
               posted_ = false;
               accept_some();
             }));
}

// False: nobody waits, or there is no room.
bool Listener::accept_one() {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  UniqueFd client(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!client) {
    const int error = errno;
    if (error == ECONNABORTED || error == EINTR) return true;
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) no_room_(std::strerror(error));
    return false;
  }
  if (address.ss_family != AF_UNIX) tune_socket(client.get());
  exchange::Peer peer = describe_peer(client.get(), address, tls_ != nullptr);
  accepted_(*this, std::move(client), std::move(peer));
  return true;
}

void Listener::close() {
  if (!socket_) return;
  if (accepted_) readiness_.remove(socket_.get(), *this);
  socket_.reset();
  if (!spec_.unix_path.empty()) ::unlink(spec_.unix_path.c_str());
}

Checked<void> Listener::reload_certificate() {
  if (!spec_.tls) return {};
  auto loaded = TlsContext::load(spec_.tls->certificate, spec_.tls->private_key);
  if (!loaded) return loaded.error();
  tls_ = std::move(*loaded);
  return {};
}

}  // namespace backplane::net
