// The add-on services that a user interface may show: one manifest folder each, with the state that systemd reports.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/units.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

struct Extras {
  Value value;  // object by folder name, every non-alphanumeric run as one "_"; null where the directory is unusable
  std::vector<std::string> problems;  // a directory or manifests that cannot be used, in words
};

// Reads <directory>/<name>/manifest.yaml of every folder (hidden ones are left out), at most kExtrasMax, lowest names
// first. A manifest that cannot be used is left out and named in `problems`. Unknown keys pass through; with a
// `daemon`, `enabled` and `started` are set to false until apply_unit_states; a `port` given as a path is replaced by
// the number from `ports`, else kvmd's own default for that path, else 0 (pikvm.md §5.1 `extras`). Reads files: short,
// bounded.
Extras read_extras(const std::string& directory, const Value::Object& ports);

// The daemons that the manifests name, each once.
std::vector<std::string> daemons(const Value& extras);

// Sets `enabled` and `started` where the daemon is among the states.
void apply_unit_states(Value& extras, const std::map<std::string, UnitState>& states);

}  // namespace backplane::kvm_info
