#include "plugin/metrics_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace backplane::plugin {
namespace {

TEST(MetricsText, SamplesOfOneNameStandTogetherAfterTheirType) {
  MetricsText text;
  text.add("a", "x=\"1\"", true, 1);
  text.add("b", "", false, 0.5);
  text.add("a", "x=\"2\"", true, 1e15);
  EXPECT_EQ(text.take(), "# TYPE a counter\na{x=\"1\"} 1\na{x=\"2\"} 1e+15\n# TYPE b gauge\nb 0.5\n");
}

TEST(MetricsText, ValuesThatAreNoNumbersAreNamedAsPrometheusWants) {
  MetricsText text;
  text.add("a", "", false, std::nan(""));
  text.add("a", "", false, std::numeric_limits<double>::infinity());
  text.add("a", "", false, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(text.take(), "# TYPE a gauge\na NaN\na +Inf\na -Inf\n");
}

}  // namespace
}  // namespace backplane::plugin
