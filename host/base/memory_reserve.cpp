#include "base/memory_reserve.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace backplane::base {
namespace {

std::size_t reserve_bytes = 0;
std::atomic<void*> reserve{nullptr};
std::atomic<bool> spent{false};

// operator new calls this if it finds no memory, and then tries again.
void give_reserve() {
  void* kept = reserve.exchange(nullptr);
  spent = true;
  if (kept == nullptr) throw std::bad_alloc();
  std::free(kept);
}

}  // namespace

void keep_memory_reserve(std::size_t bytes) {
  reserve_bytes = bytes;
  reserve = std::malloc(bytes);
  std::set_new_handler(give_reserve);
}

bool memory_reserve_spent() noexcept {
  return spent;
}

bool refill_memory_reserve() noexcept {
  void* kept = reserve.exchange(nullptr);
  if (kept == nullptr) kept = std::malloc(reserve_bytes);
  reserve = kept;
  spent = kept == nullptr;
  return kept != nullptr;
}

}  // namespace backplane::base
