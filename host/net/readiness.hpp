// Says which sockets can be read or written. One edge-triggered epoll of our own behind Asio's: a socket is registered
// once in its life, where Asio's async_wait costs a system call and a handler for each wait (measured: a fifth of the
// CPU of a small request). I/O thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>

struct epoll_event;

namespace backplane::net {

class Readiness {
 public:
  // Who hears of a socket. Edge-triggered: told once; whoever is told tries until the system says "not now", or, where
  // the peer has ended its side, until that end is read: nothing more is told of it.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void on_ready(bool readable, bool peer_ended) = 0;
  };

  explicit Readiness(boost::asio::io_context& io);
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Watches a socket for both directions until remove(). False where the kernel refuses (its limit, or no memory).
  bool add(int socket, Watcher& watcher);
  // The watcher hears nothing more, not even of what has been seen already. Before the socket is closed.
  void remove(int socket, const Watcher& watcher);

 private:
  void wait();
  void dispatch();

  boost::asio::posix::stream_descriptor epoll_;
  epoll_event* batch_ = nullptr;  // what is being told now
  std::size_t batch_left_ = 0;
};

}  // namespace backplane::net
