// All listeners and all connections: limits on their number, the tick that looks at deadlines, and the drain at the
// end. I/O thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "net/connection.hpp"
#include "net/limits.hpp"
#include "net/listener.hpp"
#include "net/loop/operation_memory.hpp"
#include "net/peer_limits.hpp"
#include "net/services.hpp"

namespace backplane::net {

class Server {
 public:
  // At most `connections_max` at once; a newcomer beyond them takes the place of who has been idle for longest.
  explicit Server(Services& services, std::size_t connections_max = limits::kConnectionsMax);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens a listener; it accepts once start() was called.
  base::Checked<const Listener*> listen(ListenerSpec spec);
  void start();
  // Loads every certificate again. Those that cannot be read are reported and keep their present one.
  std::vector<base::Problem> reload_certificates();

  // Stops accepting, lets open operations end within `drain_ms`, then ends the rest; `done` is called once nothing is
  // left.
  void drain(std::int64_t drain_ms, std::function<void()> done);

  std::size_t connections() const { return connections_.size(); }
  const std::vector<std::unique_ptr<Listener>>& listeners() const { return listeners_; }

 private:
  class Registration;

  void accepted(const Listener& listener, base::UniqueFd socket, exchange::Peer peer);
  void begin(const Listener& listener, base::UniqueFd socket, exchange::Peer peer, Registration registration);
  bool may_tell(std::int64_t& told_ms) const;
  void on_flooded(const Connection& connection);
  void on_no_room(const char* reason);
  boost::asio::awaitable<void> serve(Registration registration);
  void forget(const std::string& address, Connection* connection);
  bool make_room();
  bool may_be_peer(std::int64_t pid) const;
  void tick();
  void make_memory();
  void give_memory_back();
  void check_drained();

  Services& services_;
  const std::shared_ptr<Server*> self_ = std::make_shared<Server*>(this);
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_set<Connection*> connections_;
  std::size_t connections_max_;
  std::size_t peak_ = 0;  // of connections, since memory was given back
  std::int64_t no_room_told_ms_ = 0;
  std::int64_t flooded_told_ms_ = 0;
  std::int64_t memory_told_ms_ = 0;
  std::int64_t full_told_ms_ = 0;
  PeerLimits peers_;
  boost::asio::steady_timer ticker_;
  const std::shared_ptr<OperationMemory> tick_memory_ = std::make_shared<OperationMemory>();
  std::int64_t drain_until_ms_ = 0;
  std::function<void()> drained_;
};

}  // namespace backplane::net
