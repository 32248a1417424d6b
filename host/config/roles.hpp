// Which role may do what: roles.yaml, or the built-in roles, which are config/roles.yaml of this tree itself.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/problems.hpp"

namespace backplane::config {

// Immutable; any thread.
class Roles {
 public:
  static const Roles& built_in();

  // A pattern is a scope, "prefix.*" for all below the prefix, or "*". A role that does not exist grants nothing.
  bool grants(std::string_view role, std::string_view scope) const;
  // Those of the known scopes that the role grants, sorted, each once.
  std::vector<std::string> expand(std::string_view role, const std::vector<std::string>& known_scopes) const;
  // Sorted, aliases included.
  std::vector<std::string> names() const;
  bool has(std::string_view role) const;

 private:
  friend class RolesReader;
  std::map<std::string, std::vector<std::string>, std::less<>> patterns_;
};

struct RolesOutcome {
  std::optional<Roles> roles;
  std::vector<base::Problem> problems;  // by place; empty if there are roles
};

RolesOutcome load_roles(const std::filesystem::path& file);

// The same with the problems put among others; nothing if there was one.
std::optional<Roles> read_roles(const std::shared_ptr<const SourceFile>& source, const std::filesystem::path& file,
                                Problems& problems);
std::optional<Roles> read_roles_text(const std::shared_ptr<const SourceFile>& source, std::string_view text,
                                     Problems& problems);

}  // namespace backplane::config
