// The kernel's Landlock: a process names the files that it will use and gives up all others (landlock(7)). Spoken to
// without the C library, which has no functions for it.
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"

namespace backplane::runner {

// Rights to a file or a folder. The numbers are the kernel's; they are repeated here because Debian 12's headers know
// only those of the second version.
namespace right {
inline constexpr std::uint64_t kExecute = 1ULL << 0;
inline constexpr std::uint64_t kWriteFile = 1ULL << 1;
inline constexpr std::uint64_t kReadFile = 1ULL << 2;
inline constexpr std::uint64_t kReadDir = 1ULL << 3;
inline constexpr std::uint64_t kRemoveDir = 1ULL << 4;
inline constexpr std::uint64_t kRemoveFile = 1ULL << 5;
inline constexpr std::uint64_t kMakeDir = 1ULL << 7;
inline constexpr std::uint64_t kMakeRegular = 1ULL << 8;
inline constexpr std::uint64_t kMakeSocket = 1ULL << 9;
inline constexpr std::uint64_t kMakeFifo = 1ULL << 10;
inline constexpr std::uint64_t kMakeSymlink = 1ULL << 12;
inline constexpr std::uint64_t kAllOfVersion1 = (1ULL << 13) - 1;
inline constexpr std::uint64_t kRefer = 1ULL << 13;        // move between folders; version 2
inline constexpr std::uint64_t kTruncate = 1ULL << 14;     // version 3
inline constexpr std::uint64_t kIoctlDevice = 1ULL << 15;  // version 5
inline constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kIoctlDevice;

inline constexpr std::uint64_t kRead = kReadFile | kReadDir;
inline constexpr std::uint64_t kWrite = kWriteFile | kTruncate | kRemoveDir | kRemoveFile | kMakeDir | kMakeRegular |
                                        kMakeSocket | kMakeFifo | kMakeSymlink | kRefer;
}  // namespace right

// The first version whose rights include truncate(2) and the truncation of a file opened for reading.
inline constexpr int kTruncateVersion = 3;

// What this kernel speaks; 0 where it has no Landlock or was started without.
int landlock_version();

// Files that may be used. Nothing holds until enforce().
class FileRules {
 public:
  // errno is set where it is not valid.
  explicit FileRules(int version);
  bool valid() const { return static_cast<bool>(ruleset_); }

  // The file or the folder with all below it, links followed. Rights that this kernel does not know, or that the kind
  // of file cannot have, are left out. False, and errno says why, where it is not there or cannot be reached.
  bool allow(const char* path, std::uint64_t rights);
  // The same, but for what is `forbidden`, lies in it or holds it: false with EACCES. It is the file that was opened
  // that is judged and granted, not its name, which may lead elsewhere a moment later. `forbidden` has no links in it.
  bool allow_outside(const std::string& forbidden, const char* path, std::uint64_t rights);
  // For this thread and all that it starts, for good. errno on false.
  bool enforce();

 private:
  bool add(int file, std::uint64_t rights);

  std::uint64_t known_;
  base::UniqueFd ruleset_;
};

}  // namespace backplane::runner
