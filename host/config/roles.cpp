#include "config/roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/utf8.hpp"
#include "config/built_in_roles.hpp"
#include "config/limits.hpp"
#include "config/reader.hpp"
#include "config/values.hpp"
#include "config/yaml/source_file.hpp"
#include "config/yaml/tree.hpp"

namespace backplane::config {
namespace {

using limits::kRoleScopesMax;
using limits::kRolesMax;

constexpr std::string_view kRemedy = "copy roles.yaml of the package there, or leave out `roles` for the built-in ones";

bool matches(std::string_view pattern, std::string_view scope) {
  if (pattern == "*") return true;
  if (!pattern.ends_with(".*")) return pattern == scope;
  pattern.remove_suffix(1);
  return scope.size() > pattern.size() && scope.starts_with(pattern);
}

void read_pattern(const Cursor& at, std::string& out) {
  if (!read_text(at, out)) return;
  std::string_view prefix = out;
  if (prefix.ends_with(".*")) prefix.remove_suffix(2);
  if (out == "*" || base::is_scope_name(prefix)) return;
  at.refuse(fmt::format("{} is no scope; allowed: a scope as \"kvm.info.read\", \"prefix.*\", or \"*\"", shown(out)));
}

struct RoleDraft {
  std::vector<std::string> scopes;
};

constexpr Key<RoleDraft> kRoleKeys[] = {
    {"scopes", into<&RoleDraft::scopes, read_list<read_pattern, kRoleScopesMax>>, true},
};

using Patterns = std::map<std::string, std::vector<std::string>, std::less<>>;

void read_role_map(const Cursor& at, Patterns& out) {
  if (!expect_map(at)) return;
  if (at.node.entries.size() > kRolesMax) return at.refuse(fmt::format("more than {} roles", kRolesMax));
  std::vector<std::string_view> names;
  for (const YamlEntry& entry : at.node.entries) {
    if (!is_name(entry.key)) {
      at.at(entry).refuse("a role's name is made of a-z, 0-9, \"_\" and \"-\"");
    } else if (entry.value->kind != YamlNode::Kind::kScalar) {
      RoleDraft draft;
      read_section<kRoleKeys>(at.at(entry), draft);
      out[entry.key] = std::move(draft.scopes);
      names.push_back(entry.key);
    }
  }
  const Patterns own = out;  // a second name of a second name is not followed: no cycles
  for (const YamlEntry& entry : at.node.entries) {
    if (!is_name(entry.key) || entry.value->kind != YamlNode::Kind::kScalar) continue;
    if (const auto role = own.find(entry.value->text); role != own.end()) {
      out[entry.key] = role->second;
    } else {
      refuse_choice(at.at(entry), names);
    }
  }
}

struct RolesDraft {
  Patterns roles;
};

constexpr Key<RolesDraft> kRolesFileKeys[] = {
    {"roles", into<&RolesDraft::roles, read_role_map>, true},
};

}  // namespace

class RolesReader {
 public:
  static std::optional<Roles> read(const std::shared_ptr<const SourceFile>& source, std::string_view text,
                                   Problems& problems) {
    const std::size_t before = problems.count();
    const auto root = parse_yaml(text, source, problems);
    if (!root) return std::nullopt;
    const Cursor at{*root, root->place, {}, problems};
    RolesDraft draft;
    read_section<kRolesFileKeys>(at, draft);
    Roles out;
    out.patterns_ = std::move(draft.roles);
    if (problems.count() == before && !out.grants("admin", "users.manage")) {
      at.at(*root->find("roles")).refuse("the role \"admin\" must exist and grant \"users.manage\"; else nobody could");
    }
    if (problems.count() != before) return std::nullopt;
    return out;
  }
};

const Roles& Roles::built_in() {
  static const Roles roles = [] {
    Problems problems;
    auto read =
        read_roles_text(std::make_shared<SourceFile>(SourceFile{"built-in roles", 0}), kBuiltInRolesYaml, problems);
    BP_CHECK(read.has_value());
    return std::move(*read);
  }();
  return roles;
}

bool Roles::grants(std::string_view role, std::string_view scope) const {
  const auto found = patterns_.find(role);
  return found != patterns_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                 [&](const std::string& p) { return matches(p, scope); });
}

std::vector<std::string> Roles::expand(std::string_view role, const std::vector<std::string>& known_scopes) const {
  std::vector<std::string> out;
  std::copy_if(known_scopes.begin(), known_scopes.end(), std::back_inserter(out),
               [&](const std::string& scope) { return grants(role, scope); });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> Roles::names() const {
  std::vector<std::string> out;
  for (const auto& [name, patterns] : patterns_) out.push_back(name);
  return out;
}

bool Roles::has(std::string_view role) const {
  return patterns_.find(role) != patterns_.end();
}

RolesOutcome load_roles(const std::filesystem::path& file) {
  Problems problems;
  RolesOutcome out;
  out.roles = read_roles(std::make_shared<SourceFile>(SourceFile{file.string(), 0}), file, problems);
  out.problems = problems.take();
  return out;
}

std::optional<Roles> read_roles(const std::shared_ptr<const SourceFile>& source, const std::filesystem::path& file,
                                Problems& problems) {
  const auto text = read_source(source, file, kRemedy, problems);
  return text ? read_roles_text(source, *text, problems) : std::nullopt;
}

std::optional<Roles> read_roles_text(const std::shared_ptr<const SourceFile>& source, std::string_view text,
                                     Problems& problems) {
  return RolesReader::read(source, text, problems);
}

}  // namespace backplane::config
