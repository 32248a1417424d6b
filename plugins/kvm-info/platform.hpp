// Which board this is: device tree, else DMI, and what the platform file adds.
#pragma once

#include <optional>
#include <string>

#include "kvm-info/sources.hpp"
#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// Read once, when it is made: a board does not change while it runs.
class Platform {
 public:
  // `platform_file` is a path as it is, not below the root; empty: there is none.
  Platform(const Sources& sources, const std::string& platform_file);

  // 3: {base, serial, type}; 4 adds {board, model, video} and writes the serial in upper case. `type` is always "rpi",
  // also on other boards, as kvmd's clients know it (pikvm.md §5).
  Value describe(int api_version) const;

  // Why the platform file could not be used; empty where it could, or none is named.
  const std::string& problem() const { return problem_; }

 private:
  void read_platform_file(const std::string& path);

  std::optional<std::string> base_;
  std::optional<std::string> serial_;
  std::optional<std::string> model_;
  std::optional<std::string> video_;
  std::optional<std::string> board_;
  std::string problem_;
};

}  // namespace backplane::kvm_info
