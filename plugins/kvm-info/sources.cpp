#include "kvm-info/sources.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <cerrno>
#include <charconv>
#include <memory>
#include <utility>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::string read_descriptor(int fd, std::size_t bytes_max, bool& failed) {
  std::string text(bytes_max, '\0');
  std::size_t size = 0;
  while (size < bytes_max) {
    const ssize_t count = ::read(fd, text.data() + size, bytes_max - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failed = true;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

std::string Sources::path(std::string_view absolute) const {
  std::string result = root;
  while (!result.empty() && result.back() == '/') result.pop_back();
  result += absolute;
  return result;
}

std::optional<std::string> read_start(const std::string& path, std::size_t bytes_max) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return std::nullopt;
  struct stat status {};
  bool failed = ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode);
  std::string text;
  if (!failed) text = read_descriptor(fd, bytes_max, failed);
  ::close(fd);
  if (failed) return std::nullopt;
  return text;
}

std::optional<std::string> read_attribute(const std::string& path) {
  std::optional<std::string> text = read_start(path, kAttributeBytesMax);
  if (!text) return std::nullopt;
  const std::string_view value = sdk::trim(std::string_view(*text).substr(0, text->find('\0')), sdk::kWhiteSpace);
  if (value.empty()) return std::nullopt;
  return std::string(value);
}

std::optional<std::int64_t> read_integer(const std::string& path, int base) {
  const std::optional<std::string> text = read_attribute(path);
  return text ? parse_integer(*text, base) : std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text, int base) {
  if (base == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> numbered_names(const std::string& directory, std::string_view prefix, std::string_view suffix,
                                        std::size_t names_max) {
  const std::unique_ptr<DIR, DirectoryCloser> entries(::opendir(directory.c_str()));
  std::vector<std::pair<std::int64_t, std::string>> found;
  std::size_t looked_at = 0;
  while (entries != nullptr && looked_at++ < kDirectoryEntriesMax) {
    const dirent* entry = ::readdir(entries.get());
    if (entry == nullptr) break;
    const std::string_view name(entry->d_name);
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size()) continue;
    const auto number = parse_integer(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
    if (number) found.emplace_back(*number, std::string(name));
  }
  std::sort(found.begin(), found.end());
  if (found.size() > names_max) found.resize(names_max);
  std::vector<std::string> names;
  for (auto& [number, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace backplane::kvm_info
