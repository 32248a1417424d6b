// Reads a small YAML file of the administrator as a Value, with bounds on bytes, depth and nodes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialects/kvmd/answer.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// Either a value, or the reason in words for the administrator.
struct YamlResult {
  std::optional<Value> value;
  std::string problem;
};

// An empty file is null. Plain scalars become null, booleans and numbers as YAML 1.1 (and so kvmd) takes them, among
// them yes/no/on/off; .inf and .nan stay texts, since JSON has no such numbers. Keys are texts.
YamlResult read_yaml_file(const std::string& path);

// As read_yaml_file; `where` begins the problem's text.
YamlResult parse_yaml(const std::string& text, std::string_view where);

}  // namespace backplane::kvm_info
