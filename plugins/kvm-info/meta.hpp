// The owner's own words about the device: `meta` in /api/info.
#pragma once

#include <cstdint>
#include <string>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/settings.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// From the configuration, or from a YAML file that is read again when it has changed.
class Meta {
 public:
  explicit Meta(const Settings& settings);

  // The document as it stands, where `server.host` is "@auto" with the host name in its place; null where the file
  // cannot be used (pikvm.md §5).
  Value describe(const std::string& host_name);

  // Why the last describe gave null; empty where it did not.
  const std::string& problem() const { return problem_; }

 private:
  // What tells one state of the file from another.
  struct Stamp {
    std::int64_t inode = -1;
    std::int64_t bytes = -1;
    std::int64_t changed_ns = -1;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp(const std::string& path);
  void refresh();

  std::string file_;
  Stamp seen_;
  Value document_;
  std::string problem_;
};

}  // namespace backplane::kvm_info
