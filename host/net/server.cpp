#include "net/server.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "net/limits.hpp"
#include "op/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t kToldAgainMs = 60'000;            // between two lines of the log that say so
constexpr std::size_t kHeadroomBytes = 4 * 1024 * 1024;  // kept free of newcomers, for those who are in
constexpr std::size_t kHeadroomOfFewBytes = 512 * 1024;  // the same where it is not connections that fill memory
constexpr std::size_t kFewConnections = 32;
constexpr std::size_t kGiveWayPerTickMax = 64;     // where memory is short
constexpr std::size_t kPeakWorthGivingBack = 256;  // connections: about 5 MB

// Whether there is memory beside what so many connections have. Asks the system: the allocator could only answer by an
// allocation that fails.
bool has_memory_beside(std::size_t connections) {
  const std::size_t bytes = connections < kFewConnections ? kHeadroomOfFewBytes : kHeadroomBytes;
  void* const room = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  ::munmap(room, bytes);
  return true;
}

}  // namespace

Server::Server(Services& services, std::size_t connections_max)
    : services_(services), connections_max_(connections_max), peers_(services.clock), ticker_(services.io) {}

Server::~Server() {
  *self_ = nullptr;
}

base::Checked<const Listener*> Server::listen(ListenerSpec spec) {
  auto listener = Listener::open(services_.io, services_.readiness, std::move(spec));
  if (!listener) return listener.error();
  listeners_.push_back(std::move(*listener));
  return listeners_.back().get();
}

void Server::start() {
  for (const auto& listener : listeners_) {
    listener->start([this](const Listener& from, base::UniqueFd socket,
                           exchange::Peer peer) { accepted(from, std::move(socket), std::move(peer)); },
                    [this](const char* reason) { on_no_room(reason); });
  }
  tick();
}

std::vector<base::Problem> Server::reload_certificates() {
  std::vector<base::Problem> problems;
  for (const auto& listener : listeners_) {
    if (auto reloaded = listener->reload_certificate(); !reloaded) problems.push_back(reloaded.error());
  }
  return problems;
}

void Server::drain(std::int64_t drain_ms, std::function<void()> done) {
  services_.draining = true;
  drained_ = std::move(done);
  drain_until_ms_ = services_.clock.steady_ms() + drain_ms;
  for (const auto& listener : listeners_) listener->close();
  for (Connection* connection : connections_) {
    if (connection->idle()) connection->channel().stop();
  }
  asio::post(services_.io, [this] { check_drained(); });
}

// Whether that process may be who its user is. One of a plugin's is nobody, and so is one that has ended: it may have
// been a plugin's, which left its requests in the listener's queue and died.
bool Server::may_be_peer(std::int64_t pid) const {
  if (services_.is_plugin && services_.is_plugin(pid)) return false;
  return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH;
}

// A connection's place. It is given back on every way out, also if the connection's coroutine is destroyed because it
// found no memory to wait.
class Server::Registration {
 public:
  // Whoever has too many already makes nobody give way.
  Registration(Server& server, std::string address)
      : server_(server.self_),
        address_(std::move(address)),
        counted_(server.peers_.enter(address_)),
        has_place_(counted_ && has_memory_beside(server.connections_.size()) &&
                   (server.connections_.size() < server.connections_max_ || server.make_room())) {}
  Registration(Registration&& other) noexcept
      : server_(other.server_),
        address_(std::move(other.address_)),
        connection_(std::move(other.connection_)),
        counted_(std::exchange(other.counted_, false)),
        has_place_(other.has_place_) {}
  Registration& operator=(Registration&&) = delete;
  ~Registration() {
    if (connection_) connection_->channel().close();
    if (counted_ && *server_ != nullptr) (*server_)->forget(address_, connection_.get());
  }

  bool has_place() const { return has_place_; }
  void enter(std::shared_ptr<Connection> connection) {
    connection_ = std::move(connection);
    (*server_)->connections_.insert(connection_.get());
  }
  Connection& connection() const { return *connection_; }

 private:
  const std::shared_ptr<Server*> server_;  // null within: the server has gone first
  std::string address_;
  std::shared_ptr<Connection> connection_;
  bool counted_;
  bool has_place_;
};

void Server::accepted(const Listener& listener, base::UniqueFd socket, exchange::Peer peer) {
  ++services_.counters.connections_accepted;
  try {
    Registration registration(*this, peer.address);
    if (registration.has_place()) return begin(listener, std::move(socket), std::move(peer), std::move(registration));
  } catch (const std::bad_alloc&) {
    // The newcomer is refused.
  }
  ++services_.counters.connections_refused;
  if (connections_.size() >= connections_max_ && may_tell(full_told_ms_)) {
    base::log(base::Level::kWarning, "all {} connections are in use, and none of them is idle: newcomers are refused",
              connections_max_);
  }
}

void Server::begin(const Listener& listener, base::UniqueFd socket, exchange::Peer peer, Registration registration) {
  if (peer.unix_pid != 0 && !may_be_peer(peer.unix_pid)) peer.unix_uid = -1;
  auto channel = std::make_shared<Channel>(services_.io, services_.readiness, std::move(socket), listener.tls());
  registration.enter(
      std::make_shared<Connection>(services_, peers_, std::move(channel), std::move(peer), listener.policy()));
  peak_ = std::max(peak_, connections_.size());
  asio::co_spawn(services_.io, serve(std::move(registration)), asio::detached);
}

// Whether a line of the log that many connections could bring about is due again.
bool Server::may_tell(std::int64_t& told_ms) const {
  const std::int64_t now_ms = services_.clock.steady_ms();
  if (told_ms != 0 && now_ms - told_ms < kToldAgainMs) return false;
  told_ms = now_ms;
  return true;
}

void Server::on_flooded(const Connection& connection) {
  ++services_.counters.connections_flooding;
  if (!may_tell(flooded_told_ms_)) return;
  base::log(base::Level::kWarning,
            "a connection from {} was ended, for it sent many TLS records without data in a second; {} such so far",
            connection.peer().address, services_.counters.connections_flooding);
}

// The number of connections is bounded below what the system has, but plugins and WebSockets open files as well.
void Server::on_no_room(const char* reason) {
  make_room();
  if (!may_tell(no_room_told_ms_)) return;
  base::log(base::Level::kWarning,
            "no room for another connection beside {}: {}; idle ones give way. For more, raise LimitNOFILE= of the "
            "unit, or ulimit -n",
            connections_.size(), reason);
}

asio::awaitable<void> Server::serve(Registration registration) {
  Connection& connection = registration.connection();
  try {
    co_await connection.run();
  } catch (const std::bad_alloc&) {
    ++services_.counters.connections_refused;  // a line of the log would need memory as well
  } catch (const std::exception& escaped) {
    base::log(base::Level::kError, "connection from {}: {}", connection.peer().address, escaped.what());
  }
  if (connection.channel().transport().flooded()) on_flooded(connection);
}

void Server::forget(const std::string& address, Connection* connection) {
  connections_.erase(connection);
  try {
    peers_.leave(address);
    check_drained();
  } catch (const std::bad_alloc&) {
    // Its network has one place less, or the tick looks once more whether all have gone.
  }
}

// Room for a newcomer: of those that nobody works for, the one that has been so for longest gives way; strangers before
// those that have shown who they are.
bool Server::make_room() {
  Connection* longest = nullptr;
  for (Connection* connection : connections_) {
    if (!connection->may_give_way() || !connection->channel().open()) continue;
    if (longest == nullptr || connection->gives_way_before(*longest)) longest = connection;
  }
  if (longest == nullptr) return false;
  longest->channel().stop();
  return true;
}

// Where memory is short, those that nobody works for give way, some with each tick, until it is there again.
void Server::make_memory() {
  if (has_memory_beside(connections_.size())) return;
  if (may_tell(memory_told_ms_)) {
    base::log(base::Level::kWarning,
              "memory is short: of {} connections, idle ones give way, and newcomers are refused", connections_.size());
  }
  for (std::size_t left = kGiveWayPerTickMax; left > 0 && make_room(); --left) {
  }
  malloc_trim(0);
}

// The allocator keeps what a crowd of connections has needed, unless it is told.
void Server::give_memory_back() {
  if (peak_ < kPeakWorthGivingBack || connections_.size() > peak_ / 2) return;
  malloc_trim(0);
  peak_ = connections_.size();
}

void Server::tick() {
  if (services_.draining && connections_.empty()) return check_drained();
  // First: what follows may find no memory, and time goes on all the same.
  ticker_.expires_after(std::chrono::milliseconds(op::limits::kTickMs));
  ticker_.async_wait(within(tick_memory_, [this](const boost::system::error_code& error) {
    if (!error) tick();
  }));
  for (const auto& listener : listeners_) listener->accept_some();
  const std::int64_t now_ms = services_.clock.steady_ms();
  for (Connection* connection : connections_) connection->channel().check_deadline(now_ms);
  make_memory();
  give_memory_back();
  peers_.grant_handshakes();
  peers_.sweep();
  services_.access_log.tick();
  services_.operations.end_overdue();
  if (drain_until_ms_ != 0 && now_ms >= drain_until_ms_) {
    if (services_.operations.size() != 0) {
      // Who waits for an answer is told; who has not taken it a tick later is cut off.
      services_.operations.end_if([](const op::Operation&) { return true; }, op::End::kStopping);
    } else {
      for (Connection* connection : connections_) connection->channel().stop();
    }
  }
}

void Server::check_drained() {
  if (!services_.draining || !connections_.empty() || !drained_) return;
  ticker_.cancel();
  std::exchange(drained_, nullptr)();
}

}  // namespace backplane::net
