// Payloads in sealed anonymous memory (memfd_create(2)): written once by one side, read by the other. The seals are
// what makes it safe to look at a stranger's memory: it can neither shrink under the reader nor change.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"

namespace backplane::link {

// Memory that holds these bytes, sealed. None if the system has no memory or descriptor left.
base::UniqueFd share(std::string_view bytes);

// Memory that a process may write and nobody may resize, all zeros: for counters that two sides look at.
base::UniqueFd make_shared_page(std::size_t bytes);

class SharedView {
 public:
  SharedView(const void* address, std::size_t size) : address_(address), size_(size) {}
  SharedView(SharedView&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SharedView& operator=(SharedView&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SharedView();
  std::string_view bytes() const { return {static_cast<const char*>(address_), size_}; }

 private:
  const void* address_;
  std::size_t size_;
};

// Empty if it is not sealed against every change, or has another size.
std::optional<SharedView> view_shared(const base::UniqueFd& memory, std::size_t bytes);

}  // namespace backplane::link
