#include "kvm-info/info.hpp"

#include <backplane/json.hpp>
#include <chrono>

#include "kvm-info/health.hpp"
#include "kvm-info/system.hpp"

namespace backplane::kvm_info {
namespace {

void append_gauge(std::string& text, std::string_view name, std::string_view figure) {
  if (!text.empty()) text += '\n';
  text.append("# TYPE ").append(name).append(" gauge\n").append(name).append(" ").append(figure).append("\n");
}

double monotonic_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void append_metrics(std::string& text, std::string_view name, const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value.content())) {
    append_gauge(text, name, *truth ? "1" : "0");
  } else if (const auto* integer = std::get_if<std::int64_t>(&value.content())) {
    append_gauge(text, name, std::to_string(*integer));
  } else if (const auto* number = std::get_if<double>(&value.content())) {
    append_gauge(text, name, sdk::JsonWriter().number(*number).view());
  } else if (const Value::Object* members = value.object()) {
    for (const auto& [key, member] : *members) {
      const std::string longer = key == "parsed_flags" ? std::string(name) : std::string(name) + "_" + key;
      append_metrics(text, longer, member);
    }
  }
}

Info::Info(Settings settings, HostFacts facts)
    : settings_(std::move(settings)),
      facts_(facts),
      sources_{settings_.root_dir},
      thermometer_(sources_),
      cpu_load_(sources_),
      fan_(sources_),
      platform_(sources_, settings_.platform_file),
      meta_(settings_) {}

Value Info::describe(const Selection& selection) {
  Value::Object result;
  const auto put = [&](const char* key, auto make) {
    if (selection.has(key)) result.emplace(key, make());
  };
  put("auth", [&] { return Value::Object{{"enabled", facts_.auth_enabled}}; });
  put("extras", [&] { return extras_; });
  put("fan", [&] { return fan(); });
  put("health", [&] { return health(); });
  put("hw", [&] { return Value::Object{{"health", health()}, {"platform", platform_.describe(facts_.api_version)}}; });
  put("meta", [&] { return meta_.describe(host_name()); });
  put("node", [&] { return Value::Object{{"host", host_name()}}; });
  put("system", [&] { return describe_system(selection.platform_in_system); });
  put("uptime", [&] { return uptime(sources_); });
  return result;
}

Value Info::health() {
  Value::Object health{{"temp", Value::Object{{"cpu", thermometer_.celsius()}}},
                       {"throttling", throttling(sources_, settings_.throttling_ignore_past)}};
  if (facts_.api_version >= 4) {
    std::optional<std::int64_t> percent;
    if (const std::optional<int> load = cpu_load_.percent()) percent = *load;
    health["cpu"] = Value::Object{{"percent", percent}};
    health["mem"] = memory(sources_);
  }
  return health;
}

Value Info::fan() {
  return fan_.describe(thermometer_.celsius(), monotonic_s());
}

std::vector<std::string> Info::missing() {
  std::vector<std::string> missing;
  meta_.describe("");
  if (!meta_.problem().empty()) missing.push_back(meta_.problem());
  if (!platform_.problem().empty()) missing.push_back(platform_.problem());
  return missing;
}

Value Info::describe_system(bool with_platform) {
  Value system = system_info(facts_.api_version, settings_.streamer_version);
  if (with_platform) system.object()->emplace("platform", platform_.describe(facts_.api_version));
  return system;
}

}  // namespace backplane::kvm_info
