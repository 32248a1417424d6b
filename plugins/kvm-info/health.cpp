#include "kvm-info/health.hpp"

#include <array>
#include <backplane/text.hpp>
#include <charconv>
#include <cmath>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

// Columns of the "cpu" line (proc_stat(5)); guest time is part of user time already, so it is left out.
enum Column : std::size_t { kUser, kNice, kSystem, kIdle, kIoWait, kInterrupt, kSoftInterrupt, kSteal, kColumns };

// The row "Name:   123 kB" in bytes.
std::optional<std::int64_t> row_bytes(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t line_end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, line_end);
    text.remove_prefix(std::min(line_end + 1, text.size()));
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    std::string_view figure = sdk::trim(line.substr(name.size() + 1), sdk::kWhiteSpace);
    if (figure.ends_with("kB")) figure = sdk::trim(figure.substr(0, figure.size() - 2), sdk::kWhiteSpace);
    const std::optional<std::int64_t> kibibytes = parse_integer(figure);
    constexpr std::int64_t kKibibytesMax = std::int64_t{1} << 50;
    if (!kibibytes || *kibibytes < 0 || *kibibytes > kKibibytesMax) return std::nullopt;
    return *kibibytes * 1024;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 3> kProcessorWords{"cpu", "x86_pkg", "soc"};
constexpr double kMilli = 1000.0;

constexpr int kUndervoltageBit = 0;
constexpr int kFrequencyCappedBit = 1;
constexpr int kThrottledBit = 2;
constexpr int kPastShift = 16;  // the same flags, kept since boot

Value now_and_past(std::int64_t flags, int bit) {
  return Value::Object{{"now", (flags >> bit & 1) != 0}, {"past", (flags >> (bit + kPastShift) & 1) != 0}};
}

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

Value memory(const Sources& sources) {
  const std::string text = read_start(sources.path("/proc/meminfo"), kMemoryFileBytesMax).value_or("");
  const std::optional<std::int64_t> total = row_bytes(text, "MemTotal");
  std::optional<std::int64_t> available = row_bytes(text, "MemAvailable");
  if (!available) {  // kernels before 3.14
    const auto free = row_bytes(text, "MemFree");
    const auto buffers = row_bytes(text, "Buffers");
    const auto cached = row_bytes(text, "Cached");
    if (free && buffers && cached) available = *free + *buffers + *cached;
  }
  if (!total || *total == 0 || !available) {
    return Value::Object{{"available", nullptr}, {"percent", nullptr}, {"total", nullptr}};
  }
  const double used_percent = static_cast<double>(*total - *available) / static_cast<double>(*total) * 100;
  return Value::Object{{"available", *available}, {"percent", std::round(used_percent * 10) / 10}, {"total", *total}};
}

std::optional<double> Thermometer::celsius() {
  if (zone_.empty()) zone_ = find_zone();
  const std::optional<std::int64_t> milli_celsius = read_integer(zone_);
  if (!milli_celsius) {
    zone_.clear();
    return std::nullopt;
  }
  return static_cast<double>(*milli_celsius) / kMilli;
}

std::string Thermometer::find_zone() const {
  const std::string directory = sources_.path("/sys/class/thermal");
  std::size_t best_word = kProcessorWords.size();
  std::string best = directory + "/thermal_zone0/temp";
  for (const std::string& zone : numbered_names(directory, "thermal_zone", "", kThermalZonesMax)) {
    const std::optional<std::string> type = read_attribute(directory + "/" + zone + "/type");
    if (!type) continue;
    for (std::size_t word = 0; word < best_word; ++word) {
      if (type->find(kProcessorWords[word]) == std::string::npos) continue;
      best_word = word;
      best = directory + "/" + zone + "/temp";
    }
  }
  return best;
}

Value throttling(const Sources& sources, bool ignore_past) {
  const std::optional<std::int64_t> flags =
      read_integer(sources.path("/sys/devices/platform/soc/soc:firmware/get_throttled"), 16);
  if (!flags || *flags < 0) return nullptr;
  return Value::Object{
      {"ignore_past", ignore_past},
      {"parsed_flags", Value::Object{{"freq_capped", now_and_past(*flags, kFrequencyCappedBit)},
                                     {"throttled", now_and_past(*flags, kThrottledBit)},
                                     {"undervoltage", now_and_past(*flags, kUndervoltageBit)}}},
      {"raw_flags", *flags},
  };
}

Value uptime(const Sources& sources) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  const std::string text = read_start(sources.path("/proc/uptime"), kAttributeBytesMax).value_or("");
  const std::int64_t total = std::max<std::int64_t>(
      parse_integer(std::string_view(text).substr(0, text.find_first_of(". \n"))).value_or(0), 0);
  return Value::Object{
      {"parts", Value::Object{{"days", total / kDay},
                              {"hours", total % kDay / kHour},
                              {"minutes", total % kHour / kMinute},
                              {"seconds", total % kMinute}}},
      {"total", total},
  };
}

}  // namespace backplane::kvm_info
