#include "net/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "net/limits.hpp"
#include "op/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
Server::Server(Services& services) : services_(services), peers_(services.clock), ticker_(services.io) {}

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
                   listener->run([this](const Listener& from, base::UniqueFd socket, exchange::Peer peer) {
                     accepted(from, std::move(socket), std::move(peer));
                   }),
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
  const bool counted = peers_.enter(peer.address);  // first: who has too many already makes nobody give way
  if (!counted || (connections_.size() >= limits::kConnectionsMax && !make_room())) {
    if (counted) peers_.leave(peer.address);
    ++services_.counters.connections_refused;
    return;
  }
  if (peer.unix_pid != 0 && !may_be_peer(peer.unix_pid)) peer.unix_uid = -1;
  auto channel = std::make_shared<Channel>(services_.io, services_.readiness, std::move(socket), listener.tls());
  auto connection =
      std::make_shared<Connection>(services_, peers_, std::move(channel), std::move(peer), listener.policy());
  connections_.insert(connection.get());
  asio::co_spawn(services_.io, serve(std::move(connection)), asio::detached);
}

asio::awaitable<void> Server::serve(std::shared_ptr<Connection> connection) {
  try {
    co_await connection->run();
  } catch (const std::exception& escaped) {
    base::log(base::Level::kError, "connection from {}: {}", connection->peer().address, escaped.what());
  }
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

void Server::tick() {
  const std::int64_t now_ms = services_.clock.steady_ms();
  for (Connection* connection : connections_) connection->channel().check_deadline(now_ms);
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
  if (services_.draining && connections_.empty()) return;
  ticker_.expires_after(std::chrono::milliseconds(op::limits::kTickMs));
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Server::check_drained() {
  if (!services_.draining || !connections_.empty() || !drained_) return;
  ticker_.cancel();
  std::exchange(drained_, nullptr)();
}

}  // namespace backplane::net
