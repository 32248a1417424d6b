#include "net/server.hpp"

#include <malloc.h>

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
#include "base/memory_reserve.hpp"
#include "net/limits.hpp"
#include "op/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t kToldAgainMs = 60'000;      // between two lines of the log that say so
constexpr std::size_t kGiveWayPerTickMax = 64;     // where memory is short
constexpr std::size_t kPeakWorthGivingBack = 256;  // connections: about 5 MB

}  // namespace

Server::Server(Services& services, std::size_t connections_max)
    : services_(services), connections_max_(connections_max), peers_(services.clock), ticker_(services.io) {}

Server::~Server() = default;

base::Checked<const Listener*> Server::listen(ListenerSpec spec) {
  auto listener = Listener::open(services_.io, std::move(spec));
  if (!listener) return listener.error();
  listeners_.push_back(std::move(*listener));
  return listeners_.back().get();
}

void Server::start() {
  for (const auto& listener : listeners_) {
    asio::co_spawn(services_.io,
                   listener->run([this](const Listener& from, base::UniqueFd socket,
                                        exchange::Peer peer) { accepted(from, std::move(socket), std::move(peer)); },
                                 [this](const char* reason) { on_no_room(reason); }),
                   asio::detached);
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

void Server::accepted(const Listener& listener, base::UniqueFd socket, exchange::Peer peer) {
  ++services_.counters.connections_accepted;
  const std::string address = peer.address;
  const bool counted = peers_.enter(address);  // first: who has too many already makes nobody give way
  try {
    const bool has_place = counted && (connections_.size() < connections_max_ || make_room());
    if (has_place) return begin(listener, std::move(socket), std::move(peer));
  } catch (const std::bad_alloc&) {
    // The newcomer is refused.
  }
  if (counted) peers_.leave(address);
  ++services_.counters.connections_refused;
}

void Server::begin(const Listener& listener, base::UniqueFd socket, exchange::Peer peer) {
  if (peer.unix_pid != 0 && !may_be_peer(peer.unix_pid)) peer.unix_uid = -1;
  auto channel = std::make_shared<Channel>(services_.io, services_.readiness, std::move(socket), listener.tls());
  auto connection =
      std::make_shared<Connection>(services_, peers_, std::move(channel), std::move(peer), listener.policy());
  const auto place = connections_.insert(connection.get()).first;
  peak_ = std::max(peak_, connections_.size());
  try {
    asio::co_spawn(services_.io, serve(std::move(connection)), asio::detached);
  } catch (...) {
    connections_.erase(place);
    throw;
  }
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

asio::awaitable<void> Server::serve(std::shared_ptr<Connection> connection) {
  try {
    co_await connection->run();
  } catch (const std::bad_alloc&) {
    ++services_.counters.connections_refused;  // a line of the log would need memory as well
  } catch (const std::exception& escaped) {
    base::log(base::Level::kError, "connection from {}: {}", connection->peer().address, escaped.what());
  }
  if (connection->channel().transport().flooded()) on_flooded(*connection);
  connection->channel().close();
  forget(*connection);
}

void Server::forget(Connection& connection) {
  connections_.erase(&connection);
  peers_.leave(connection.peer().address);
  check_drained();
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

// Memory ran out: those that nobody works for give way, some with each tick, until it is there again.
void Server::make_memory() {
  if (!base::memory_reserve_spent()) return;
  for (std::size_t left = kGiveWayPerTickMax; left > 0 && make_room(); --left) {
  }
  malloc_trim(0);
  if (base::refill_memory_reserve()) {
    base::log(base::Level::kWarning, "memory ran out and is there again; {} connections are open", connections_.size());
  }
}

// The allocator keeps what a crowd of connections has needed, unless it is told.
void Server::give_memory_back() {
  if (peak_ < kPeakWorthGivingBack || connections_.size() > peak_ / 2) return;
  malloc_trim(0);
  peak_ = connections_.size();
}

void Server::tick() {
  if (services_.draining && connections_.empty()) return;
  // First: what follows may find no memory, and time must go on.
  ticker_.expires_after(std::chrono::milliseconds(op::limits::kTickMs));
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
  const std::int64_t now_ms = services_.clock.steady_ms();
  for (Connection* connection : connections_) connection->channel().check_deadline(now_ms);
  make_memory();
  give_memory_back();
  peers_.grant_handshakes();
  peers_.sweep();
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
