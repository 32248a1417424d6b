#include "net/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace backplane::net {

namespace asio = boost::asio;
namespace limits = base::limits;

Server::Server(Services& services)
    : services_(services),
      readiness_(services.io),
      ticker_(services.io),
      handshakes_left_(limits::kHandshakesPerSecondMax),
      refilled_ms_(services.clock.steady_ms()) {}

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
                                 [this](const Listener& from) { return may_accept(from); }),
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

bool Server::may_accept(const Listener& listener) {
  if (!listener.spec().tls) return true;
  const std::int64_t now_ms = services_.clock.steady_ms();
  const double refill = static_cast<double>(now_ms - refilled_ms_) * limits::kHandshakesPerSecondMax / 1000.0;
  handshakes_left_ = std::min<double>(limits::kHandshakesPerSecondMax, handshakes_left_ + refill);
  refilled_ms_ = now_ms;
  if (handshakes_left_ < 1) return false;
  handshakes_left_ -= 1;
  return true;
}

void Server::accepted(const Listener& listener, base::UniqueFd socket, exchange::Peer peer) {
  ++services_.counters.connections_accepted;
  const bool room = connections_.size() < limits::kConnectionsMax || end_longest_idle();
  std::size_t& of_address = per_address_[peer.address];
  if (!room || of_address >= limits::kConnectionsPerAddressMax) {
    ++services_.counters.connections_refused;
    if (of_address == 0) per_address_.erase(peer.address);
    return;
  }
  ++of_address;
  auto channel = std::make_shared<Channel>(services_.io, readiness_, std::move(socket), listener.tls());
  auto connection = std::make_shared<Connection>(services_, std::move(channel), std::move(peer), listener.policy());
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
  const auto of_address = per_address_.find(connection.peer().address);
  if (of_address != per_address_.end() && --of_address->second == 0) per_address_.erase(of_address);
  check_drained();
}

// Room for a newcomer: somebody who only holds a connection open gives way.
bool Server::end_longest_idle() {
  Connection* longest = nullptr;
  for (Connection* connection : connections_) {
    if (!connection->idle() || !connection->channel().open()) continue;
    if (longest == nullptr || connection->idle_since_ms() < longest->idle_since_ms()) longest = connection;
  }
  if (longest == nullptr) return false;
  longest->channel().stop();
  return true;
}

void Server::tick() {
  const std::int64_t now_ms = services_.clock.steady_ms();
  for (Connection* connection : connections_) connection->channel().check_deadline(now_ms);
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
  ticker_.expires_after(std::chrono::milliseconds(limits::kTickMs));
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
