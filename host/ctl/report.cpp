#include "ctl/report.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "ctl/printable.hpp"

namespace backplane::ctl {

int report(const base::Checked<void>& done) {
  if (done) return 0;
  fmt::print(stderr, "backplanectl: {}\n", printable(done.error().message()));
  return kFailed;
}

}  // namespace backplane::ctl
