// A YAML file as a tree that keeps the place of every key and value. Bounded in depth and size, aliases included.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.hpp"

namespace backplane::config {

struct YamlNode;

struct YamlEntry {
  std::string key;
  Place key_place;
  std::shared_ptr<const YamlNode> value;

  // Where a mistake in the value is reported: at the value, or at the key where the value is a block below it or stands
  // elsewhere, behind an alias.
  const Place& value_place() const;
};

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  Place place;
  std::string text;     // of a scalar
  bool quoted = false;  // a quoted or block scalar is a text, whatever it looks like
  std::vector<std::shared_ptr<const YamlNode>> items;
  std::vector<YamlEntry> entries;  // in the order of the file, each key once

  const YamlEntry* find(std::string_view key) const;
};

// The one document of `text`. A syntax error, a tag, a second document, a cycle, more than kJsonDepthMax levels or
// more than kConfigNodesMax nodes (an alias counts as what it stands for) give null and a problem; a key that stands
// twice in a map is a problem, and its first value is kept.
std::shared_ptr<const YamlNode> parse_yaml(std::string_view text, const std::shared_ptr<const SourceFile>& source,
                                           Problems& problems);

}  // namespace backplane::config
