#include "link/wire/metric_text.hpp"

#include <algorithm>
#include <vector>

#include "base/utf8.hpp"

namespace backplane::link {
namespace {

// Takes an escaped value and its closing quote off the front.
bool take_value(std::string_view& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') return false;
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return true;
    }
    if (text[i] != '\\') continue;
    ++i;
    if (i == text.size() || (text[i] != '\\' && text[i] != '"' && text[i] != 'n')) return false;
  }
  return false;
}

}  // namespace

bool valid_metric_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

bool valid_label_name(std::string_view name) {
  return valid_metric_name(name) && name != "instance";
}

void append_label(std::string& labels, std::string_view name, std::string_view value) {
  if (!labels.empty()) labels += ',';
  labels += name;
  labels += "=\"";
  for (char c : value) {
    if (c == '\\' || c == '"') {
      labels += '\\';
      labels += c;
    } else if (c == '\n') {
      labels += "\\n";
    } else {
      labels += c;
    }
  }
  labels += '"';
}

bool valid_labels_text(std::string_view labels) {
  if (labels.empty()) return true;
  if (!base::valid_utf8(labels)) return false;
  std::vector<std::string_view> names;
  while (true) {
    const std::size_t equals = labels.find('=');
    if (equals == std::string_view::npos) return false;
    names.push_back(labels.substr(0, equals));
    labels.remove_prefix(equals + 1);
    if (!valid_label_name(names.back()) || !labels.starts_with('"')) return false;
    labels.remove_prefix(1);
    if (!take_value(labels)) return false;
    if (labels.empty()) break;
    if (labels.front() != ',') return false;
    labels.remove_prefix(1);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

}  // namespace backplane::link
