// Readers of single values. Each refuses what does not fit with what is allowed, and then leaves `out` as it was
// (read_text returns whether it read).
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

#include "config/cidr.hpp"
#include "config/reader.hpp"

namespace backplane::config {

// a-z, 0-9, "_" and "-", beginning with a letter or digit, at most 64 bytes: instances, plugins, roles.
bool is_name(std::string_view text);
// "<instance>/<id>", or the daemon's own "host/log".
bool is_feed_name(std::string_view text);

// Begins with "/", has no ".", ".." or empty part, no "/" at its end and no control characters: a path that is
// compared with others as it stands.
bool is_absolute_path(std::string_view text);

// A text that is not empty. A plain scalar that YAML reads as a number, a boolean or null is refused: quotes are
// missing.
bool read_text(const Cursor& at, std::string& out);
void read_any_text(const Cursor& at, std::string& out);
void read_file_path(const Cursor& at, std::filesystem::path& out);
// See is_absolute_path.
void read_absolute_path(const Cursor& at, std::string& out);
// The name of a user of the operating system; whether there is one is not looked at.
void read_system_user(const Cursor& at, std::string& out);
// "CAP_NET_RAW": a capability of Linux.
void read_capability(const Cursor& at, std::string& out);
void read_feed_name(const Cursor& at, std::string& out);
// A prefix of URL paths: begins with one "/", no "." or ".." parts, no blanks.
void read_url_path(const Cursor& at, std::string& out);
void read_name(const Cursor& at, std::string& out);
// on | off, and true | false.
void read_switch(const Cursor& at, bool& out);
// 15s, 30m, 6h, 7d; 0. In seconds.
void read_duration_s(const Cursor& at, std::int64_t& out);
// The mode of a file in octal, "0660".
void read_mode(const Cursor& at, std::uint32_t& out);
void read_address(const Cursor& at, IpAddress& out);
void read_cidr(const Cursor& at, Cidr& out);

// Plain bytes, or a number with K, M or G (1024, …) behind it. In bytes.
bool read_size(const Cursor& at, std::uint64_t least, std::uint64_t most, std::uint64_t& out);

bool read_whole_number(const Cursor& at, std::int64_t least, std::int64_t most, std::int64_t& out);

template <std::int64_t kLeast, std::int64_t kMost, class T>
void read_number(const Cursor& at, T& out) {
  static_assert(kLeast >= 0 && static_cast<std::uint64_t>(kMost) <= std::numeric_limits<T>::max());
  std::int64_t value = 0;
  if (read_whole_number(at, kLeast, kMost, value)) out = static_cast<T>(value);
}

}  // namespace backplane::config
