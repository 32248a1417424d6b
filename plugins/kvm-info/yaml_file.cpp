#include "kvm-info/yaml_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "kvm-info/limits.hpp"
#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// YAML 1.1 floats always have a point ("1e3" is a text).
std::optional<double> parse_float(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.find('.') == std::string_view::npos || text.find_first_of("0123456789") == std::string_view::npos) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_yaml_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('-')) return std::nullopt;
  std::optional<std::int64_t> number;
  if (text.starts_with("0x")) {
    number = text.size() > 2 && text[2] != '-' ? parse_integer(text, 16) : std::nullopt;
  } else {
    number = parse_integer(text, text.size() > 1 && text.starts_with('0') ? 8 : 10);
  }
  if (number && negative) return -*number;
  return number;
}

Value plain_scalar(const std::string& text) {
  static constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 9> kTrue{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
  static constexpr std::array<std::string_view, 9> kFalse{"false", "False", "FALSE", "no", "No",
                                                          "NO",    "off",   "Off",   "OFF"};
  if (is_one_of(text, kNull)) return nullptr;
  if (is_one_of(text, kTrue)) return true;
  if (is_one_of(text, kFalse)) return false;
  if (const auto integer = parse_yaml_integer(text)) return *integer;
  if (const auto number = parse_float(text)) return *number;
  return text;
}

class Converter {
 public:
  // Throws std::length_error where a bound is broken, std::invalid_argument for a key that is no scalar.
  Value convert(const YAML::Node& node, std::size_t depth) {
    if (depth > kYamlDepthMax) throw std::length_error("is nested too deeply");
    if (++nodes_ > kYamlNodesMax) throw std::length_error("has too many values");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return node.Tag() == "?" ? plain_scalar(node.Scalar()) : Value(node.Scalar());
      case YAML::NodeType::Sequence: {
        Value::Array items;
        for (const YAML::Node& item : node) items.push_back(convert(item, depth + 1));
        return items;
      }
      case YAML::NodeType::Map: {
        Value::Object members;
        for (const auto& entry : node) {
          if (!entry.first.IsScalar()) throw std::invalid_argument("has a key that is no text");
          members.insert_or_assign(entry.first.Scalar(), convert(entry.second, depth + 1));
        }
        return members;
      }
      default:
        return nullptr;
    }
  }

 private:
  std::size_t nodes_ = 0;
};

}  // namespace

YamlResult parse_yaml(const std::string& text, std::string_view where) {
  std::string problem(where);
  try {
    return {Converter().convert(YAML::Load(text), 0), {}};
  } catch (const YAML::Exception& error) {
    if (!error.mark.is_null()) {
      problem += ":" + std::to_string(error.mark.line + 1) + ":" + std::to_string(error.mark.column + 1);
    }
    problem += ": is no valid YAML: " + error.msg;
  } catch (const std::logic_error& error) {
    problem += std::string(": ") + error.what();
  }
  return {std::nullopt, std::move(problem)};
}

YamlResult read_yaml_file(const std::string& path) {
  const std::optional<std::string> text = read_start(path, kYamlBytesMax + 1);
  if (!text) return {std::nullopt, path + ": cannot be read"};
  if (text->size() > kYamlBytesMax) {
    return {std::nullopt, path + ": is larger than " + std::to_string(kYamlBytesMax) + " bytes"};
  }
  return parse_yaml(*text, path);
}

}  // namespace backplane::kvm_info
