// Which callback a plugin is in, and since when: written by the plugin's thread, read by the host's watch.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace backplane::link {

inline constexpr std::uint32_t kNoRoute = 0xFFFFFFFF;

struct Blocked {
  const char* callback;  // "on_request"
  std::uint32_t route;   // index into the manifest's routes, or kNoRoute
  std::int64_t for_ms;
};

class Busy {
 public:
  explicit Busy(const base::Clock& clock) : clock_(clock) {}

  void enter(const char* callback, std::uint32_t route) {
    route_.store(route, std::memory_order_relaxed);
    callback_.store(callback, std::memory_order_relaxed);
    since_ms_.store(clock_.steady_ms(), std::memory_order_release);
  }
  void leave() { since_ms_.store(0, std::memory_order_release); }

  // The callback that has not come back for longer than `longer_than_ms`. [any thread]
  std::optional<Blocked> blocked(std::int64_t longer_than_ms) const {
    const std::int64_t since_ms = since_ms_.load(std::memory_order_acquire);
    if (since_ms == 0) return std::nullopt;
    const std::int64_t for_ms = clock_.steady_ms() - since_ms;
    if (for_ms < longer_than_ms) return std::nullopt;
    return Blocked{callback_.load(std::memory_order_relaxed), route_.load(std::memory_order_relaxed), for_ms};
  }

 private:
  const base::Clock& clock_;
  std::atomic<std::int64_t> since_ms_{0};
  std::atomic<const char*> callback_{""};
  std::atomic<std::uint32_t> route_{kNoRoute};
};

}  // namespace backplane::link
