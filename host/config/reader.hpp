// Reads a YAML tree into plain structs by tables of keys. A new setting is one line in a table: what is allowed, what
// is required and what was probably meant all come out of the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "config/problems.hpp"
#include "config/yaml/tree.hpp"

namespace backplane::config {

// One value while it is read: the value, its dotted path for messages, and where problems go.
struct Cursor {
  const YamlNode& node;
  Place place;
  std::string path;
  Problems& problems;

  Cursor at(const YamlEntry& entry) const;
  Cursor at(std::size_t index) const;
  // Adds "path: what" at this value's place.
  void refuse(std::string_view what) const;
  // "a list", "a number" …
  std::string_view found() const;
};

// A key of a map that is read into an Owner.
template <class T>
struct Key {
  using Owner = T;
  std::string_view name;
  void (*read)(const Cursor&, T&);
  bool required = false;
};

// A word of a closed set and what it stands for.
template <class E>
struct Choice {
  using Value = E;
  std::string_view name;
  E value;
};

// True for a map, and for an absent value, which counts as an empty one. Refuses anything else.
bool expect_map(const Cursor& at);
// True for a list, and for an absent value; at most items_max items. Refuses anything else.
bool expect_list(const Cursor& at, std::size_t items_max);
// True for a scalar. Refuses a list, a map and an absent value, naming `wanted`.
bool expect_scalar(const Cursor& at, std::string_view wanted);

// Refuses keys outside `allowed`, and reports those of `required` that are absent: unless an unknown key here looks
// like a misspelling of it, for that is one mistake and not two.
void check_keys(const Cursor& at, const std::vector<std::string_view>& allowed,
                const std::vector<std::string_view>& required);

// Refuses a scalar that is none of the words, with what is allowed and what was probably meant.
void refuse_choice(const Cursor& at, const std::vector<std::string_view>& allowed);

template <const auto& kKeys>
void read_section(const Cursor& at, typename std::remove_cvref_t<decltype(kKeys[0])>::Owner& out) {
  if (!expect_map(at)) return;
  std::vector<std::string_view> allowed, required;
  for (const auto& key : kKeys) {
    allowed.push_back(key.name);
    if (key.required) required.push_back(key.name);
  }
  check_keys(at, allowed, required);
  for (const auto& key : kKeys) {
    if (const YamlEntry* entry = at.node.find(key.name)) key.read(at.at(*entry), out);
  }
}

template <const auto& kChoices>
void read_choice(const Cursor& at, typename std::remove_cvref_t<decltype(kChoices[0])>::Value& out) {
  std::vector<std::string_view> allowed;
  for (const auto& choice : kChoices) {
    if (at.node.kind == YamlNode::Kind::kScalar && at.node.text == choice.name) {
      out = choice.value;
      return;
    }
    allowed.push_back(choice.name);
  }
  refuse_choice(at, allowed);
}

namespace detail {
template <class Owner, class Value>
Owner owner_of(Value Owner::*);
template <class Value>
Value value_of(void (*)(const Cursor&, Value&));
}  // namespace detail

// Reads into one member of the owner: into<&LogSettings::level, read_choice<kLevels>>.
template <auto kMember, auto kRead>
void into(const Cursor& at, decltype(detail::owner_of(kMember))& owner) {
  kRead(at, owner.*kMember);
}

// Reads a list whose items kRead understands.
template <auto kRead, std::size_t kItemsMax>
void read_list(const Cursor& at, std::vector<decltype(detail::value_of(kRead))>& out) {
  if (!expect_list(at, kItemsMax)) return;
  out.clear();
  for (std::size_t i = 0; i < at.node.items.size() && i < kItemsMax; ++i) {
    auto& value = out.emplace_back();
    kRead(at.at(i), value);
  }
}

}  // namespace backplane::config
