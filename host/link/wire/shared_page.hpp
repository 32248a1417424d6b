// What is worth knowing of a plugin that no longer answers: which callback it is in, and the system call that ended it.
// A plugin's process shares the page with the daemon and may write whatever it likes into it, so all that the daemon
// reads there is checked, and is good for a message and for nothing else.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "link/wire/extensions.hpp"

namespace backplane::link {

inline constexpr std::uint32_t kNoRoute = 0xFFFFFFFF;

struct Blocked {
  const char* callback;  // "on_request"; null: none, and yet nothing is heard of the plugin
  std::uint32_t route;   // index into the manifest's routes, or kNoRoute
  std::int64_t for_ms;
};

// Which callback a plugin is in, and since when: written by the plugin's thread, read by the host's watch.
class Busy {
 public:
  void enter(Callback callback, std::uint32_t route, const base::Clock& clock) {
    route_.store(route, std::memory_order_relaxed);
    callback_.store(static_cast<std::uint32_t>(callback), std::memory_order_relaxed);
    since_ms_.store(clock.steady_ms(), std::memory_order_release);
  }
  void leave() { since_ms_.store(0, std::memory_order_release); }

  // The callback that has not come back for longer than `longer_than_ms`. [any thread]
  std::optional<Blocked> blocked(std::int64_t longer_than_ms, const base::Clock& clock, std::size_t route_count) const {
    const std::int64_t since_ms = since_ms_.load(std::memory_order_acquire);
    if (since_ms <= 0) return std::nullopt;  // no clock says so: a stranger's word, and nothing to subtract
    const std::int64_t now_ms = clock.steady_ms();
    if (since_ms > now_ms || now_ms - since_ms < longer_than_ms) return std::nullopt;
    const std::uint32_t callback = callback_.load(std::memory_order_relaxed);
    const std::uint32_t route = route_.load(std::memory_order_relaxed);
    return Blocked{callback < static_cast<std::uint32_t>(Callback::kCount)
                       ? callback_name(static_cast<Callback>(callback))
                       : nullptr,
                   route < route_count ? route : kNoRoute, now_ms - since_ms};
  }

 private:
  std::atomic<std::int64_t> since_ms_{0};
  std::atomic<std::uint32_t> callback_{0};
  std::atomic<std::uint32_t> route_{kNoRoute};
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free);

// Here a plugin's process leaves the number of the system call that ended it.
struct SystemCallNote {
  std::atomic<std::int32_t> number{-1};  // -1: none
};
static_assert(std::atomic<std::int32_t>::is_always_lock_free, "a signal handler writes it, another process reads it");

struct SharedPage {
  Busy busy;
  SystemCallNote stopped_call;
};

// The descriptors that a runner starts with.
inline constexpr int kRunnerSocket = 3;
inline constexpr int kRunnerPage = 4;

}  // namespace backplane::link
