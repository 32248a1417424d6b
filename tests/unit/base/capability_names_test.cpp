#include "base/capability_names.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>

namespace backplane::base {
namespace {

TEST(CapabilityNames, StandInTheKernelsOrder) {
  EXPECT_EQ(capability_number("CAP_CHOWN"), CAP_CHOWN);
  EXPECT_EQ(capability_number("CAP_NET_RAW"), CAP_NET_RAW);
  EXPECT_EQ(capability_number("CAP_SYS_ADMIN"), CAP_SYS_ADMIN);
  EXPECT_EQ(capability_number("CAP_SYS_TIME"), CAP_SYS_TIME);
  EXPECT_EQ(capability_number("CAP_MKNOD"), CAP_MKNOD);
  EXPECT_EQ(capability_number("CAP_MAC_ADMIN"), CAP_MAC_ADMIN);
  EXPECT_EQ(capability_number("CAP_CHECKPOINT_RESTORE"), CAP_CHECKPOINT_RESTORE);
}

TEST(CapabilityNames, NothingElseIsOne) {
  for (const char* name : {"", "NET_RAW", "cap_net_raw", "CAP_NET_RAW ", "CAP_LAST_CAP"}) {
    EXPECT_EQ(capability_number(name), -1) << name;
  }
}

}  // namespace
}  // namespace backplane::base
