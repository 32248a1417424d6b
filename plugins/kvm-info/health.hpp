// How the machine is: load, memory, temperature, throttling and the time since its start (pikvm.md §5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// How busy the processor was since the last look.

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

// How much memory is in use, from /proc/meminfo.

// {available, percent, total}: bytes, and the part that is not available with one decimal; all null where the file
// cannot be read (pikvm.md §5.2 `hw.health.mem`).
Value memory(const Sources& sources);

// The processor's temperature from the kernel's thermal zones.

// Reads the zone whose type names the processor ("cpu", then "x86_pkg", then "soc"), else zone 0. The zone is looked
// for once, and again after it could not be read.
class Thermometer {
 public:
  explicit Thermometer(Sources sources) : sources_(std::move(sources)) {}

  // Degrees Celsius; nothing where no zone can be read.
  std::optional<double> celsius();

 private:
  std::string find_zone() const;

  Sources sources_;
  std::string zone_;  // the path of its "temp"; empty: not looked for yet
};

// Whether the board's firmware slows the processor down: the Raspberry Pi says so in one word of flags.

// {ignore_past, parsed_flags: {freq_capped, throttled, undervoltage: {now, past}}, raw_flags} (pikvm.md §5.1
// `hw.health.throttling`); null where the platform has no such word. `ignore_past` is only handed on to clients.
Value throttling(const Sources& sources, bool ignore_past);

// How long the machine has been up.

// {parts: {days, hours, minutes, seconds}, total}, whole seconds; all 0 where /proc/uptime cannot be read
// (pikvm.md §5.2 `uptime`).
Value uptime(const Sources& sources);

}  // namespace backplane::kvm_info
