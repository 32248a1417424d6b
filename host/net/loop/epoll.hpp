// One edge-triggered epoll of our own behind Asio's: a descriptor is registered once in its life, where Asio's
// async_wait costs a system call and a handler for each wait (measured: a fifth of the CPU of a small request).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>

#include "base/readiness.hpp"
#include "net/loop/operation_memory.hpp"

struct epoll_event;

namespace backplane::net {

class Epoll final : public base::Readiness {
 public:
  explicit Epoll(boost::asio::io_context& io);
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;

  bool add(int descriptor, Watcher& watcher) override;
  void remove(int descriptor, const Watcher& watcher) override;

 private:
  void wait();
  void dispatch();

  boost::asio::posix::stream_descriptor epoll_;
  const std::shared_ptr<OperationMemory> memory_ = std::make_shared<OperationMemory>();
  epoll_event* batch_ = nullptr;  // what is being told now
  std::size_t batch_left_ = 0;
};

}  // namespace backplane::net
