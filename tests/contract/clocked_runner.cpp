// backplane-runner with the test's clock: the shared page that holds it comes as a further descriptor.
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "link/wire/shared_page.hpp"
#include "runner/runner.hpp"

namespace {

class GivenClock final : public backplane::base::Clock {
 public:
  explicit GivenClock(const std::atomic<std::int64_t>& now_ms) : now_ms_(now_ms) {}
  std::int64_t steady_ms() const override { return now_ms_.load(); }
  std::int64_t boot_ms() const override { return now_ms_.load(); }
  std::int64_t wall_ms() const override { return now_ms_.load(); }

 private:
  const std::atomic<std::int64_t>& now_ms_;
};

}  // namespace

int main() {
  constexpr int kClock = backplane::link::kRunnerPage + 1;
  const void* address = ::mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ, MAP_SHARED, kClock, 0);
  ::close(kClock);
  if (address == MAP_FAILED) return 1;
  const GivenClock clock(*static_cast<const std::atomic<std::int64_t>*>(address));
  return backplane::runner::run(clock);
}
