#include "config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/text.hpp>

#include "config/limits.hpp"
#include "config/yaml/scalar.hpp"

namespace backplane::config {
namespace {

// A key inside a path; a strange one is quoted and cut, so that a message stays one readable line.
std::string path_part(const std::string& key) {
  const bool plain =
      !key.empty() && key.size() <= limits::kConfigShownBytesMax && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
  return plain ? key : shown(key);
}

}  // namespace

Cursor Cursor::at(const YamlEntry& entry) const {
  const std::string part = path_part(entry.key);
  return {*entry.value, entry.value_place(), path.empty() ? part : path + "." + part, problems};
}

Cursor Cursor::at(std::size_t index) const {
  const YamlNode& item = *node.items[index];
  const Place& item_place = item.kind == YamlNode::Kind::kNull ? place : item.place;
  return {item, item_place, fmt::format("{}[{}]", path, index), problems};
}

void Cursor::refuse(std::string_view what) const {
  problems.add(place, path.empty() ? std::string(what) : fmt::format("{}: {}", path, what));
}

std::string_view Cursor::found() const {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kScalar:
      break;
  }
  return node.quoted ? "a text" : kind_name(read_plain_scalar(node.text).kind);
}

bool expect_map(const Cursor& at) {
  if (at.node.kind == YamlNode::Kind::kMap || at.node.kind == YamlNode::Kind::kNull) return true;
  at.refuse(fmt::format("a map (key: value) is needed, not {}", at.found()));
  return false;
}

bool expect_list(const Cursor& at, std::size_t items_max) {
  if (at.node.kind != YamlNode::Kind::kList && at.node.kind != YamlNode::Kind::kNull) {
    at.refuse(fmt::format("a list ([a, b], or one \"- a\" a line) is needed, not {}", at.found()));
    return false;
  }
  if (at.node.items.size() > items_max) at.refuse(fmt::format("more than {} items", items_max));
  return true;
}

bool expect_scalar(const Cursor& at, std::string_view wanted) {
  if (at.node.kind == YamlNode::Kind::kScalar) return true;
  at.refuse(fmt::format("{} is needed, not {}", wanted, at.found()));
  return false;
}

void check_keys(const Cursor& at, const std::vector<std::string_view>& allowed,
                const std::vector<std::string_view>& required) {
  std::vector<std::string_view> meant;
  for (const YamlEntry& entry : at.node.entries) {
    if (std::find(allowed.begin(), allowed.end(), entry.key) != allowed.end()) continue;
    std::vector<std::string_view> open;  // a key that is there already was not what the misspelt one meant
    std::copy_if(allowed.begin(), allowed.end(), std::back_inserter(open),
                 [&](std::string_view name) { return at.node.find(name) == nullptr; });
    Cursor unknown = at.at(entry);
    unknown.place = entry.key_place;
    const std::string_view first_word = std::string_view(entry.key).substr(0, entry.key.find_first_of(" :"));
    if (first_word != entry.key && std::find(open.begin(), open.end(), first_word) != open.end()) {
      meant.push_back(*std::find(open.begin(), open.end(), first_word));
      unknown.refuse(fmt::format("a colon and a blank are missing after \"{}\"", first_word));
      continue;
    }
    meant.push_back(sdk::nearest_name(entry.key, open));
    unknown.refuse(fmt::format("unknown key; allowed: {}{}", listed(allowed), sdk::did_you_mean(entry.key, open)));
  }
  for (const auto name : required) {
    if (at.node.find(name) != nullptr || std::find(meant.begin(), meant.end(), name) != meant.end()) continue;
    at.refuse(fmt::format("the key \"{}\" is missing", name));
  }
}

void refuse_choice(const Cursor& at, const std::vector<std::string_view>& allowed) {
  const bool scalar = at.node.kind == YamlNode::Kind::kScalar;
  at.refuse(fmt::format("{} is not allowed; allowed: {}{}", scalar ? shown(at.node.text) : std::string(at.found()),
                        listed(allowed), scalar ? sdk::did_you_mean(at.node.text, allowed) : std::string()));
}

}  // namespace backplane::config
