// Writes the Prometheus text format 0.0.4: all samples of one name together, after its TYPE line.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace backplane::plugin {

class MetricsText {
 public:
  // `labels` are escaped already, without braces. The first sample of a name says whether it is a counter.
  void add(const std::string& name, std::string_view labels, bool counter, double value);
  std::string take();

 private:
  std::vector<std::string> groups_;  // the text of one name each, in the order of first use
  std::unordered_map<std::string, std::size_t> group_of_;
};

}  // namespace backplane::plugin
