#include "kvm-info/cpu_load.hpp"

#include <array>
#include <charconv>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

// Columns of the "cpu" line (proc_stat(5)); guest time is part of user time already, so it is left out.
enum Column : std::size_t { kUser, kNice, kSystem, kIdle, kIoWait, kInterrupt, kSoftInterrupt, kSteal, kColumns };

}  // namespace

CpuLoad::CpuLoad(Sources sources) : sources_(std::move(sources)) {
  last_ = read().value_or(Ticks{});
}

std::optional<int> CpuLoad::percent() {
  const std::optional<Ticks> now = read();
  if (!now) return std::nullopt;
  if (now->total < last_.total || now->idle < last_.idle) {
    last_ = *now;  // a counter went back, as the kernel's idle counters may: begin anew
    return percent_;
  }
  const std::uint64_t total = now->total - last_.total;
  if (total < kCpuTicksBetweenMin) return percent_;
  const std::uint64_t idle = now->idle - last_.idle;
  percent_ = static_cast<int>((total - idle) * 100 / total);
  last_ = *now;
  return percent_;
}

std::optional<CpuLoad::Ticks> CpuLoad::read() const {
  const std::optional<std::string> text = read_start(sources_.path("/proc/stat"), kAttributeBytesMax);
  if (!text || !text->starts_with("cpu ")) return std::nullopt;
  std::array<std::uint64_t, kColumns> columns{};
  const char* at = text->data() + 3;
  const char* const end = text->data() + text->size();
  std::size_t read = 0;
  for (; read < kColumns; ++read) {
    while (at != end && *at == ' ') ++at;
    const auto [next, error] = std::from_chars(at, end, columns[read]);
    if (error != std::errc()) break;
    at = next;
  }
  if (read <= kIdle) return std::nullopt;  // old kernels lack the last columns, never these
  Ticks ticks;
  for (const std::uint64_t column : columns) ticks.total += column;
  ticks.idle = columns[kIdle] + columns[kIoWait];
  return ticks;
}

}  // namespace backplane::kvm_info
