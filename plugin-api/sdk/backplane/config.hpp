// Reads a plugin's configuration. The host has checked it by the manifest's schema and filled in the defaults, so a
// value that is missing or of another type is a mistake of the manifest and throws std::invalid_argument.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::sdk {

class Config {
 public:
  explicit Config(std::string_view json) {
    document_.Parse(json.data(), json.size());
    if (document_.HasParseError() || !document_.IsObject()) {
      throw std::invalid_argument("the configuration is no JSON object");
    }
  }

  // For keys that have no default.
  bool has(std::string_view key) const { return find(key) != nullptr; }

  std::string text(std::string_view key) const { return as_text(value(key), key); }
  std::int64_t integer(std::string_view key) const {
    return value(key).IsInt64() ? value(key).GetInt64() : wrong<std::int64_t>(key, "an integer");
  }
  double number(std::string_view key) const {
    return value(key).IsNumber() ? value(key).GetDouble() : wrong<double>(key, "a number");
  }
  bool boolean(std::string_view key) const {
    return value(key).IsBool() ? value(key).GetBool() : wrong<bool>(key, "true or false");
  }
  std::vector<std::string> texts(std::string_view key) const {
    if (!value(key).IsArray()) return wrong<std::vector<std::string>>(key, "a list");
    std::vector<std::string> list;
    for (const auto& item : value(key).GetArray()) list.push_back(as_text(item, key));
    return list;
  }

  // For nested values: RapidJSON's own reading.
  const rapidjson::Value& value(std::string_view key) const {
    const rapidjson::Value* found = find(key);
    return found != nullptr ? *found : wrong<const rapidjson::Value&>(key, "there");
  }

 private:
  const rapidjson::Value* find(std::string_view key) const {
    const rapidjson::Value name(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    const auto member = document_.FindMember(name);
    return member == document_.MemberEnd() ? nullptr : &member->value;
  }
  static std::string as_text(const rapidjson::Value& value, std::string_view key) {
    if (!value.IsString()) return wrong<std::string>(key, "a text");
    return {value.GetString(), value.GetStringLength()};
  }
  template <class T>
  [[noreturn]] static T wrong(std::string_view key, const char* expected) {
    throw std::invalid_argument("config." + std::string(key) + " is not " + expected);
  }

  rapidjson::Document document_;
};

}  // namespace backplane::sdk
