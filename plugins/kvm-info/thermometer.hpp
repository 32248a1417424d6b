// The processor's temperature from the kernel's thermal zones.
#pragma once

#include <optional>
#include <string>

#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

// Reads the zone whose type names the processor ("cpu", then "x86_pkg", then "soc"), else zone 0. The zone is looked
// for once, and again after it could not be read.
class Thermometer {
 public:
  explicit Thermometer(Sources sources) : sources_(std::move(sources)) {}

  // Degrees Celsius; nothing where no zone can be read.
  std::optional<double> celsius();

 private:
  std::string find_zone() const;

  Sources sources_;
  std::string zone_;  // the path of its "temp"; empty: not looked for yet
};

}  // namespace backplane::kvm_info
