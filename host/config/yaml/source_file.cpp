#include "config/yaml/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <backplane/text.hpp>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "config/limits.hpp"

namespace backplane::config {
namespace {

using limits::kConfigBytesMax;

std::string system_text(int error) {
  return std::generic_category().message(error);
}

}  // namespace

std::optional<std::string> read_source(const std::shared_ptr<const SourceFile>& source,
                                       const std::filesystem::path& path, std::string_view remedy, Problems& problems) {
  const Place whole{source};
  base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
      problems.add(whole, fmt::format("there is no such file; {}", remedy), base::Error::kNotFound);
    } else {
      problems.add(whole, fmt::format("cannot be read: {}", system_text(error)), base::Error::kIo);
    }
    return std::nullopt;
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    problems.add(whole, S_ISDIR(status.st_mode) ? "is a directory, not a file" : "is not a regular file");
    return std::nullopt;
  }
  std::string text;
  char piece[16 * 1024];
  while (text.size() <= kConfigBytesMax) {
    const ssize_t got = ::read(fd.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      problems.add(whole, fmt::format("cannot be read: {}", system_text(errno)), base::Error::kIo);
      return std::nullopt;
    }
    if (got == 0) break;
    text.append(piece, static_cast<std::size_t>(got));
  }
  if (text.size() > kConfigBytesMax) {
    problems.add(whole, fmt::format("is larger than {} bytes", kConfigBytesMax), base::Error::kTooLarge);
    return std::nullopt;
  }
  if (!check_text(source, text, problems)) return std::nullopt;
  return text;
}

bool check_text(const std::shared_ptr<const SourceFile>& source, std::string_view text, Problems& problems) {
  Place place{source, 1, 1};
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
    const std::size_t length = sdk::first_character(std::string_view(text).substr(at)).bytes;
    if (control || length == 0) {
      problems.add(place, control ? fmt::format("the control character 0x{:02x} is not allowed", byte)
                                  : fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8", byte));
      return false;
    }
    at += length;
    ++place.column;
    if (byte == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return true;
}

}  // namespace backplane::config
