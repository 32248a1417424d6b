// How busy the processor was since the last look.
#pragma once

#include <cstdint>
#include <optional>

#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

// Keeps the counters of /proc/stat between calls. The first stretch begins where the object was made.
class CpuLoad {
 public:
  explicit CpuLoad(Sources sources);

  // Whole percent of all processors together, rounded down; nothing where /proc/stat cannot be read. A call that comes
  // sooner than kCpuTicksBetweenMin after the last gets the last figure.
  std::optional<int> percent();

 private:
  struct Ticks {
    std::uint64_t total = 0;
    std::uint64_t idle = 0;  // waiting for disks counts as idle
  };
  std::optional<Ticks> read() const;

  Sources sources_;
  Ticks last_;
  int percent_ = 0;
};

}  // namespace backplane::kvm_info
