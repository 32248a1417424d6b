// One address that accepts connections: TCP with or without TLS, or a Unix socket. I/O thread only.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/readiness.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "exchange/request.hpp"
#include "net/admission.hpp"
#include "net/loop/operation_memory.hpp"
#include "net/tls/self_signed.hpp"
#include "net/tls/tls_context.hpp"

namespace backplane::net {

// Where and how to listen. Either address and port, or unix_path.
struct ListenerSpec {
  std::string address;  // IP literal
  std::uint16_t port = 0;
  std::string unix_path;
  mode_t unix_mode = 0660;
  std::optional<CertificateFiles> tls;  // empty: plain
  ListenerPolicy policy;

  // "127.0.0.1:8443", "[::1]:8443", "/run/backplane/backplane.sock".
  std::string name() const;
};

class Listener final : public base::Readiness::Watcher {
 public:
  // What gets each accepted, non-blocking socket.
  using Accepted = std::function<void(const Listener&, base::UniqueFd, exchange::Peer)>;
  // What is called if the system has no descriptor or no memory for one more; the reason in the system's words.
  using NoRoom = std::function<void(const char* reason)>;

  // Binds and loads the certificate. A Problem names the address, what the system said and the remedy. A stale Unix
  // socket of a daemon that is gone is replaced; a live one is a Problem.
  static base::Checked<std::unique_ptr<Listener>> open(boost::asio::io_context& io, base::Readiness& readiness,
                                                       ListenerSpec spec);
  ~Listener() override;

  // Accepts from now on, until close().
  void start(Accepted accepted, NoRoom no_room);
  // Accepts some of those that wait, and goes on in a turn of its own if there are more. If the system has no room for
  // one more, they wait in the kernel's backlog until this is called again.
  void accept_some();
  void close();

  void on_ready(bool readable, bool peer_ended) override;

  const ListenerSpec& spec() const { return spec_; }
  const std::shared_ptr<const ListenerPolicy>& policy() const { return policy_; }
  const std::shared_ptr<const TlsContext>& tls() const { return tls_; }
  // The port that was bound: the system's choice where the specification said 0.
  std::uint16_t port() const { return port_; }

  // Reads the certificate again; connections that are open keep theirs. A Problem changes nothing.
  base::Checked<void> reload_certificate();

 private:
  Listener(boost::asio::io_context& io, base::Readiness& readiness, ListenerSpec spec, base::UniqueFd socket,
           std::shared_ptr<const TlsContext> tls);
  bool accept_one();

  boost::asio::io_context& io_;
  base::Readiness& readiness_;
  ListenerSpec spec_;
  std::shared_ptr<const ListenerPolicy> policy_;
  std::shared_ptr<const TlsContext> tls_;
  base::UniqueFd socket_;
  std::uint16_t port_ = 0;
  Accepted accepted_;
  NoRoom no_room_;
  const std::shared_ptr<OperationMemory> memory_ = std::make_shared<OperationMemory>();
  bool posted_ = false;
};

}  // namespace backplane::net
