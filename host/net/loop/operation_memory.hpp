// Memory of its own for one operation of Asio's that is started again and again, so that starting it cannot fail: a
// loop whose next wait found no memory would be deaf for good. I/O thread only.
#pragma once

#include <boost/asio/bind_allocator.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace backplane::net {

class OperationMemory {
 public:
  void* take(std::size_t bytes) {
    if (taken_ || bytes > kBytes) return ::operator new(bytes);
    taken_ = true;
    return bytes_;
  }
  void give_back(void* memory) {
    if (memory != bytes_) return ::operator delete(memory);
    taken_ = false;
  }

 private:
  static constexpr std::size_t kBytes = 256;  // Asio's waits take about half of it

  alignas(std::max_align_t) std::byte bytes_[kBytes];
  bool taken_ = false;
};

// The allocator of its handlers. It shares the memory, for Asio may hold a handler for longer than its maker lives.
template <class T = void>
class OperationAllocator {
 public:
  using value_type = T;

  explicit OperationAllocator(std::shared_ptr<OperationMemory> memory) : memory_(std::move(memory)) {}
  template <class Other>
  OperationAllocator(const OperationAllocator<Other>& other) : memory_(other.memory_) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) { memory_->give_back(memory); }

  template <class Other>
  bool operator==(const OperationAllocator<Other>& other) const {
    return memory_ == other.memory_;
  }

 private:
  template <class Other>
  friend class OperationAllocator;

  std::shared_ptr<OperationMemory> memory_;
};

// A handler whose operation lives in that memory.
template <class Handler>
auto within(const std::shared_ptr<OperationMemory>& memory, Handler handler) {
  return boost::asio::bind_allocator(OperationAllocator<>(memory), std::move(handler));
}

}  // namespace backplane::net
