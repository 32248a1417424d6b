#include "kvm-info/memory.hpp"

#include <cmath>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

// The row "Name:   123 kB" in bytes.
std::optional<std::int64_t> row_bytes(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t line_end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, line_end);
    text.remove_prefix(std::min(line_end + 1, text.size()));
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    std::string_view figure = trimmed(line.substr(name.size() + 1));
    if (figure.ends_with("kB")) figure = trimmed(figure.substr(0, figure.size() - 2));
    const std::optional<std::int64_t> kibibytes = parse_integer(figure);
    constexpr std::int64_t kKibibytesMax = std::int64_t{1} << 50;
    if (!kibibytes || *kibibytes < 0 || *kibibytes > kKibibytesMax) return std::nullopt;
    return *kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace

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

}  // namespace backplane::kvm_info
