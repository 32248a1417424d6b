// Gives each metric of a plugin a number, and writes its labels as the Prometheus text format wants them. Any thread.
#pragma once

#include <backplane/abi.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace backplane::link {

class MetricNames {
 public:
  // Checks name and labels; BP_OK sets `number` and `labels_text`. BP_E_INVALID: not a name, or text that is not UTF-8;
  // BP_E_LIMIT: kMetricsPerPluginMax metrics, or too long.
  bp_status find(std::string_view name, bp_fields labels, std::uint64_t& number, std::string& labels_text);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> numbers_;  // by name{labels}
};

}  // namespace backplane::link
