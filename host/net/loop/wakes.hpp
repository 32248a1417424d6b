// Those who were woken and have not gone on yet. A few of them go on in each turn: one line of a log wakes a thousand
// connections, and a new request must not wait behind all of these. I/O thread only.
#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

namespace backplane::net {

// A service of Asio's: each io_context has its own, and destroys who still waits when it goes.
class Wakes final : public boost::asio::execution_context::service {
 public:
  class Waiter {
   public:
    virtual ~Waiter() = default;
    virtual void resume() = 0;

   private:
    friend Wakes;
    std::unique_ptr<Waiter> next_;  // who was woken after it: a wake takes no memory, so that it cannot fail
  };

  inline static boost::asio::execution_context::id id;

  explicit Wakes(boost::asio::io_context& io) : service(io), io_(io) {}
  static Wakes& of(boost::asio::io_context& io) { return boost::asio::use_service<Wakes>(io); }

  // Resumes it in a turn of its own. There are at most as many as connections.
  void add(std::unique_ptr<Waiter> waiter);

 private:
  void shutdown() override;
  void post();
  void resume_some();

  std::unique_ptr<Waiter> take_first();

  boost::asio::io_context& io_;
  std::unique_ptr<Waiter> first_;
  Waiter* last_ = nullptr;
  bool posted_ = false;
};

}  // namespace backplane::net
