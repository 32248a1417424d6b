// kvmd's export for Prometheus (pikvm.md §8.6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/fan.hpp"
#include "kvm-info/fields.hpp"
#include "kvm-info/health.hpp"
#include "kvm-info/meta.hpp"
#include "kvm-info/settings.hpp"
#include "kvm-info/sources.hpp"
#include "kvm-info/system.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// Appends one gauge for each number and boolean (0 or 1) below `value`: "# TYPE name gauge", "name value", and an empty
// line between two of them. The name is `name` and the keys, joined by "_"; texts, lists and null are left out, and so
// is the key "parsed_flags" from names.
void append_metrics(std::string& text, std::string_view name, const Value& value);

// Puts the answer of GET /api/info together from its parts.

// One thread only: the parts keep counters between calls. It reads small files and never waits for anything else; the
// extras are collected elsewhere and handed in.
class Info {
 public:
  Info(Settings settings, HostFacts facts);

  // The result of GET /api/info: exactly the selected keys.
  Value describe(const Selection& selection);

  // `hw` of the export: temperature and throttling; 4.x also processor and memory.
  Value health();
  Value fan();

  void set_extras(Value extras) { extras_ = std::move(extras); }

  // What the configuration names and this machine lacks, in words; empty where nothing is missing. Reads the meta file.
  std::vector<std::string> missing();

 private:
  Value describe_system(bool with_platform);

  Settings settings_;
  HostFacts facts_;
  Sources sources_;
  Thermometer thermometer_;
  CpuLoad cpu_load_;
  Fan fan_;
  Platform platform_;
  Meta meta_;
  Value extras_ = Value::Object{};
};

}  // namespace backplane::kvm_info
