// The layer "limits".
#include "runner/limits.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <cctype>

#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

using testing::HasSubstr;

constexpr std::size_t kMiB = 1024 * 1024;

class Limits : public Probe {
 protected:
  static std::string number(std::size_t value) { return std::to_string(value); }
};

TEST_F(Limits, MemoryOverTheLimitIsNotGiven) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's own memory is over any limit";
  const std::string limit = number(32 * kMiB);
  EXPECT_EQ(said({"--memory", limit, "allocate", number(24 * kMiB)}), "ok");
  EXPECT_EQ(said({"--memory", limit, "allocate", number(33 * kMiB)}), "bad_alloc");
  EXPECT_EQ(said({"--memory", limit, "map", number(33 * kMiB)}), "ENOMEM");
  EXPECT_EQ(said({"allocate", number(33 * kMiB)}), "ok");
}

TEST_F(Limits, ThreadsFitIntoASmallLimit) {
  EXPECT_EQ(said({"--memory", number(16 * kMiB), "threads"}), "8");
}

TEST_F(Limits, AFileThatGrowsTooLargeIsAnErrorAndNotTheEnd) {
  const std::string data = path("data");
  std::filesystem::create_directory(data);
  EXPECT_EQ(said({"--data", data, "grow", data + "/file", number(limits::kPluginFileBytesMax)}), "ok");
  EXPECT_EQ(said({"--data", data, "grow", data + "/file", number(limits::kPluginFileBytesMax + 1)}), "EFBIG");
}

TEST_F(Limits, DescriptorsAreBoundedAndTheBoundStays) {
  const std::string most = number(limits::kPluginDescriptorsMax);
  EXPECT_EQ(said({"descriptor-limit"}), most + " " + most);
  EXPECT_EQ(said({"raise-limit"}), "EPERM");
}

TEST_F(Limits, DescriptorsFromBeforeAreClosed) {
  constexpr int kHigh = 100;  // a number that the probe itself does not use again
  const base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const base::UniqueFd inherited(
      ::fcntl(null.get(), F_DUPFD, kHigh));  // without F_DUPFD_CLOEXEC: the mistake that is guarded
  ASSERT_TRUE(inherited);
  EXPECT_EQ(said({"is-open", number(static_cast<std::size_t>(inherited.get()))}), "EBADF");
  EXPECT_EQ(said({"is-open", "1"}), "ok");
}

TEST_F(Limits, NoCoreDumpHoldsItsSecrets) {
  EXPECT_EQ(said({"core-limit"}), "0");
}

TEST_F(Limits, WhereMemoryRunsOutItIsEndedFirst) {
  EXPECT_EQ(said({"read", "/proc/self/oom_score_adj"}), "1000");
}

TEST_F(Limits, TheSandboxItselfTakesLittleMemory) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's own memory is far more";
  constexpr std::size_t kPrivateKiBMax = 3 * 1024;
  const std::string rollup = said({"read", "/proc/self/smaps_rollup"});
  std::size_t kibibytes = 0;
  for (const char* name : {"Private_Clean:", "Private_Dirty:"}) {
    const std::size_t found = rollup.find(name);
    ASSERT_NE(found, std::string::npos) << rollup;
    kibibytes += std::stoul(rollup.substr(found + std::string_view(name).size()));
  }
  RecordProperty("private_kib", static_cast<int>(kibibytes));
  EXPECT_LT(kibibytes, kPrivateKiBMax);
}

}  // namespace
}  // namespace backplane::runner
