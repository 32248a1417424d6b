#include "kvm-info/settings.hpp"

#include <backplane/config.hpp>
#include <stdexcept>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

Value to_value(const rapidjson::Value& json, std::size_t depth) {
  if (depth > kYamlDepthMax) throw std::invalid_argument("config.meta is nested too deeply");
  switch (json.GetType()) {
    case rapidjson::kFalseType:
      return false;
    case rapidjson::kTrueType:
      return true;
    case rapidjson::kStringType:
      return std::string(json.GetString(), json.GetStringLength());
    case rapidjson::kNumberType:
      return json.IsInt64() ? Value(json.GetInt64()) : Value(json.GetDouble());
    case rapidjson::kArrayType: {
      Value::Array items;
      for (const auto& item : json.GetArray()) items.push_back(to_value(item, depth + 1));
      return items;
    }
    case rapidjson::kObjectType: {
      Value::Object members;
      for (const auto& [name, member] : json.GetObject()) {
        members.insert_or_assign(std::string(name.GetString(), name.GetStringLength()), to_value(member, depth + 1));
      }
      return members;
    }
    default:
      return nullptr;
  }
}

std::string text_or(const sdk::Config& config, std::string_view key, std::string fallback) {
  return config.has(key) ? config.text(key) : std::move(fallback);
}

}  // namespace

Settings parse_settings(std::string_view config_json) {
  const sdk::Config config(config_json);
  Settings settings;
  if (config.has("fresh_ms")) settings.fresh_ms = config.integer("fresh_ms");
  settings.root_dir = text_or(config, "root_dir", "/");
  settings.meta_file = text_or(config, "meta_file", "");
  settings.extras_dir = text_or(config, "extras_dir", "");
  if (config.has("extras_refresh_ms")) settings.extras_refresh_ms = config.integer("extras_refresh_ms");
  settings.platform_file = text_or(config, "platform_file", "");
  settings.streamer_version = text_or(config, "streamer_version", "");
  if (config.has("throttling_ignore_past")) settings.throttling_ignore_past = config.boolean("throttling_ignore_past");
  if (config.has("meta")) {
    if (!settings.meta_file.empty()) {
      throw std::invalid_argument("config.meta and config.meta_file are both set; leave one of them out");
    }
    settings.meta = to_value(config.value("meta"), 0);
  } else {
    settings.meta = Value::Object{{"kvm", Value::Object{}}, {"server", Value::Object{{"host", "@auto"}}}};
  }
  if (config.has("ports")) {
    Value ports = to_value(config.value("ports"), 0);
    if (ports.object() != nullptr) settings.ports = std::move(*ports.object());
  }
  return settings;
}

}  // namespace backplane::kvm_info
