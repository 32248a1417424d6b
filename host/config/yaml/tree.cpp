#include "config/yaml/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "base/limits.hpp"
#include "config/limits.hpp"
#include "config/yaml/blame.hpp"

namespace backplane::config {
namespace {

using base::limits::kJsonDepthMax;
using limits::kConfigNodesMax;

// Leaves yaml-cpp from inside a callback; caught in parse_yaml.
struct Refused {
  YAML::Mark mark;
  std::string text;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, std::shared_ptr<const SourceFile> source, Problems& problems)
      : text_(text), source_(std::move(source)), problems_(problems) {}

  std::shared_ptr<const YamlNode> root() const { return root_; }

  Place place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {source_};
    // The parser counts bytes; a person counts characters.
    const auto end = std::min(static_cast<std::size_t>(mark.pos), text_.size());
    const auto begin = end - std::min(static_cast<std::size_t>(mark.column), end);
    const auto characters = std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                          text_.begin() + static_cast<std::ptrdiff_t>(end),
                                          [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    const auto beyond = static_cast<std::size_t>(mark.column) - (end - begin);
    return {source_, static_cast<std::uint32_t>(mark.line + 1),
            static_cast<std::uint32_t>(static_cast<std::size_t>(characters) + beyond + 1)};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw Refused{mark, "a second document begins here; only one is allowed in a file"};
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) throw Refused{mark, "a key is missing in front of the colon"};
    auto node = make(mark, YamlNode::Kind::kNull);
    // The parser's mark of an absent value is that of the next token, often on a later line.
    if (!open_.empty() && open_.back().key) node->place = open_.back().key->second;
    finish({std::move(node), 1, 1, anchor, {}, {}});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) throw Refused{mark, "an alias cannot be a key"};
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused{mark, "the alias stands inside the value that it names"};
    count(mark, found->second.size);
    if (open_.size() + found->second.height > kJsonDepthMax) refuse_depth(mark);
    finish({found->second.node, found->second.size, found->second.height, YAML::NullAnchor, {}, {}});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    if (tag == "!") refuse_open_quote(mark);
    if (wants_key()) {
      count(mark, 1);
      open_.back().key.emplace(value, place(mark));
      if (anchor != YAML::NullAnchor) throw Refused{mark, "an anchor on a key is not supported"};
      return;
    }
    auto node = make(mark, YamlNode::Kind::kScalar);
    node->text = value;
    node->quoted = tag == "!";
    finish({std::move(node), 1, 1, anchor, {}, {}});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    std::shared_ptr<YamlNode> node;
    std::size_t size = 1;    // nodes in it, aliases counted in full
    std::size_t height = 1;  // levels, its own included
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<std::pair<std::string, Place>> key;
    std::map<std::string, Place> seen;
  };

  bool wants_key() const {
    return !open_.empty() && open_.back().node->kind == YamlNode::Kind::kMap && !open_.back().key;
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > kConfigNodesMax) {
      throw Refused{mark, fmt::format("more than {} values, with every alias counted in full", kConfigNodesMax)};
    }
  }

  [[noreturn]] static void refuse_depth(const YAML::Mark& mark) {
    throw Refused{mark, fmt::format("nested more than {} levels deep", kJsonDepthMax)};
  }

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Refused{mark, "tags are not supported; write a text in quotes, anything else plainly"};
    }
  }

  // The parser lets a quoted text run over lines and even end without its quote; a forgotten quote would swallow keys.
  void refuse_open_quote(const YAML::Mark& mark) const {
    std::string_view rest = text_.substr(std::min(static_cast<std::size_t>(mark.pos), text_.size()));
    if (rest.starts_with('&')) rest.remove_prefix(std::min(rest.find_first_of(" \t\n"), rest.size()));
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.starts_with('!')) throw Refused{mark, "tags are not supported; write a text in quotes"};
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return;  // a block of text
    const char quote = rest.front();
    for (std::size_t i = 1; i < rest.size() && rest[i] != '\n'; ++i) {
      if (rest[i] == quote) return;  // a doubled '' ends here as well as later
      if (quote == '"' && rest[i] == '\\') ++i;
    }
    throw Refused{
        mark, fmt::format("the quote {} is not closed in this line; a text of several lines is written with |", quote)};
  }

  std::shared_ptr<YamlNode> make(const YAML::Mark& mark, YamlNode::Kind kind) {
    count(mark, 1);
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->place = place(mark);
    return node;
  }

  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    refuse_tag(mark, tag);
    if (wants_key()) throw Refused{mark, "a list or a map cannot be a key; put a text with braces in quotes"};
    if (open_.size() + 1 > kJsonDepthMax) refuse_depth(mark);
    open_.push_back({make(mark, kind), 1, 1, anchor, {}, {}});
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done));
  }

  void finish(Open done) {
    if (done.anchor != YAML::NullAnchor) anchors_[done.anchor] = {done.node, done.size, done.height};
    if (open_.empty()) {
      root_ = std::move(done.node);
      return;
    }
    Open& parent = open_.back();
    parent.size += done.size;
    parent.height = std::max(parent.height, done.height + 1);
    if (parent.node->kind == YamlNode::Kind::kList) {
      parent.node->items.push_back(std::move(done.node));
      return;
    }
    auto [key, key_place] = std::move(*parent.key);
    parent.key.reset();
    const auto [first, fresh] = parent.seen.emplace(key, key_place);
    if (!fresh) {
      problems_.add(key_place, fmt::format("{}: the key stands twice in this map, first in line {}; keep one",
                                           shown(key), first->second.line));
      return;
    }
    parent.node->entries.push_back({std::move(key), std::move(key_place), std::move(done.node)});
  }

  struct Anchored {
    std::shared_ptr<YamlNode> node;
    std::size_t size = 0;
    std::size_t height = 0;
  };

  const std::string_view text_;
  const std::shared_ptr<const SourceFile> source_;
  Problems& problems_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::shared_ptr<const YamlNode> root_;
  std::size_t nodes_ = 0;
  bool started_ = false;
};

}  // namespace

const Place& YamlEntry::value_place() const {
  const Place& place = value->place;
  // An anchor stands above its alias, so a value above its key came through an alias.
  const bool own = place.file == key_place.file && place.line >= key_place.line;
  const bool near = place.line == key_place.line || value->kind == YamlNode::Kind::kScalar;
  return own && near ? place : key_place;
}

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

std::shared_ptr<const YamlNode> parse_yaml(std::string_view text, const std::shared_ptr<const SourceFile>& source,
                                           Problems& problems) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  TreeBuilder builder(text, source, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    problems.add(builder.place(refused.mark), refused.text);
    return nullptr;
  } catch (const YAML::Exception& error) {
    const Blame blame = blame_line(text, error.msg, builder.place(error.mark));
    problems.add(blame.place, blame.text);
    return nullptr;
  }
  if (auto root = builder.root()) return root;
  auto empty = std::make_shared<YamlNode>();
  empty->place = {source, 1, 1};
  return empty;
}

}  // namespace backplane::config
