// Starts the probe and tells how it ended.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "link/wire/shared_page.hpp"
#include "runner/landlock.hpp"
#include "runner/sanitizers.hpp"
#include "runner/system_call_name.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#define BACKPLANE_NEEDS_LANDLOCK() \
  if (landlock_version() == 0) GTEST_SKIP() << "this kernel has no Landlock, which guards the files"
#define BACKPLANE_NEEDS_ROOT() \
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user or has rights to lose"

// ThreadSanitizer holds its own locks around fork(), and its wrapper of the signal handler waits for them.
#if defined(__SANITIZE_THREAD__)
#define BACKPLANE_NEEDS_FORK() GTEST_SKIP() << "under ThreadSanitizer a signal in the place of fork() is never handled"
#else
#define BACKPLANE_NEEDS_FORK() static_cast<void>(0)
#endif

namespace backplane::runner {

inline constexpr int kRefusedByFilter = 128 + 31;  // ended by SIGSYS
inline constexpr int kNotEntered = 3;

using Words = std::vector<std::string>;

struct Ended {
  int status = -1;
  std::string said;          // without the last line's end
  std::string refused = "";  // the name of the call that it was ended for
};

class Probe : public testing::Test {
 protected:
  // The probe's options and action.
  Ended run(const Words& words) {
    const std::string note = directory.write("note", std::string(sizeof(link::SystemCallNote), '\xff'));  // -1
    Words command{SANDBOX_PROBE, "--note", note};
    command.insert(command.end(), words.begin(), words.end());
    support::ChildProcess child(command);
    Ended ended{.status = child.wait()};
    child.wait_for_output([](const std::string&) { return false; });  // to its end
    ended.said = child.output();
    while (ended.said.ends_with('\n')) ended.said.pop_back();
    ended.refused = noted(note);
    return ended;
  }
  // What it says in the sandbox, where it lives to say it.
  std::string said(const Words& words) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, 0) << ended.said << ended.refused;
    return ended.said;
  }
  // The system call that it is ended for.
  std::string refused(const Words& words) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, kRefusedByFilter) << ended.said;
    return ended.refused;
  }
  std::string path(const std::string& name) const { return directory.path() + "/" + name; }

  support::TemporaryDirectory directory;

 private:
  static std::string noted(const std::string& file) {
    const std::string bytes = support::read_file(file);
    std::int32_t number = -1;
    bytes.copy(reinterpret_cast<char*>(&number), sizeof number);
    return number == -1 ? "" : system_call_name(number);
  }
};

}  // namespace backplane::runner
