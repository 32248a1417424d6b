// Where the facts come from: a root directory below which /proc and /sys are read, so that tests can give a tree of
// their own, and bounded readers for the small files there. None of them ever waits for a device node or a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::kvm_info {

struct Sources {
  std::string root = "/";

  // "/proc/stat" below the root.
  std::string path(std::string_view absolute) const;
};

// The first bytes of a regular file, at most bytes_max; nothing where it cannot be opened or read.
std::optional<std::string> read_start(const std::string& path, std::size_t bytes_max);

// A sysfs attribute or a device-tree string: up to the first NUL, without white space at either end; nothing where it
// is missing or empty.
std::optional<std::string> read_attribute(const std::string& path);

// An attribute that is one whole number in that base ("0x" is accepted in base 16).
std::optional<std::int64_t> read_integer(const std::string& path, int base = 10);

// The whole text as one number, or nothing.
std::optional<std::int64_t> parse_integer(std::string_view text, int base = 10);

// Names in a directory that begin with `prefix` and go on with a number and then `suffix`, by that number: "fan2_input"
// for ("fan", "_input"). At most names_max of them, the lowest; empty where the directory is missing.
std::vector<std::string> numbered_names(const std::string& directory, std::string_view prefix, std::string_view suffix,
                                        std::size_t names_max);

}  // namespace backplane::kvm_info
