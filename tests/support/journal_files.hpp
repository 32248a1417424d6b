// Real journal files in a directory of a test's own, made by systemd-journal-remote as journald makes them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_directory.hpp"

namespace backplane::support {

inline const std::string kBootA(32, 'a');
inline const std::string kBootB(32, 'b');
inline const std::string kBootC(32, 'c');
inline constexpr std::uint64_t kBeginUs = 1'795'000'000'000'000;
inline constexpr std::uint64_t kSecondUs = 1'000'000;

struct WrittenEntry {
  std::uint64_t second = 0;  // after begin_us, and after the boot
  std::vector<std::pair<std::string, std::string>> fields;
  std::string boot_id = kBootA;
  std::uint64_t begin_us = kBeginUs;
};

// An entry of cgminer's with that message.
WrittenEntry said(std::uint64_t second, std::string message);
// `count` of them, one a second, "message 0" first.
std::vector<WrittenEntry> said_in_turn(std::uint64_t first, std::uint64_t count);

class JournalFiles {
 public:
  const std::string& path() const { return directory_.path(); }
  std::string file(const std::string& name) const { return path() + "/" + name + ".journal"; }
  // Makes that file, or appends to it. Throws where the program that does it is missing.
  void write(const std::string& name, const std::vector<WrittenEntry>& entries) const;
  // The same with entries in the journal export format.
  void write_exported(const std::string& name, const std::string& exported) const;

 private:
  TemporaryDirectory directory_;
  TemporaryDirectory exports_;
};

}  // namespace backplane::support
