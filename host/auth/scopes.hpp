// What each role may do. The lists come from the application, so that auth knows nothing of its configuration.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::auth {

// The role that may manage users; at least one enabled user keeps it.
inline constexpr std::string_view kAdminRole = "admin";
// The role of the user "guest" (contracts/README.md "roles").
inline constexpr std::string_view kGuestRole = "viewer";

// I/O thread.
class Scopes {
 public:
  using Source = std::function<std::vector<std::string>(const std::string& role)>;

  // `roles` are the names that users may be given.
  Scopes(std::vector<std::string> roles, Source source);

  // Sorted, each once; empty for a role that is not known.
  const std::vector<std::string>& of(const std::string& role) const;
  bool knows(std::string_view role) const;
  const std::vector<std::string>& roles() const { return roles_; }

  // Takes a new list of roles and asks the source again.
  void reload(std::vector<std::string> roles);

 private:
  std::vector<std::string> roles_;
  Source source_;
  mutable std::map<std::string, std::vector<std::string>> known_;
};

}  // namespace backplane::auth
