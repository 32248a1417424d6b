#include "plugin/isolation/grants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "plugin/isolation/paths.hpp"

namespace backplane::plugin {
namespace {

using config::PluginGrants;

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

class Giving {
 public:
  Giving(const config::PluginSettings& settings, bool in_host_dir, const std::filesystem::path& state_dir)
      : settings_(settings), everything_(in_host_dir && !settings.grants), state_dir_(state_dir) {
    if (settings.grants) granted_ = *settings.grants;
  }

  std::vector<base::Problem> give(const ManifestNeeds& needs, link::SandboxSettings& sandbox,
                                  std::vector<std::string>& feeds) {
    keep_asked(needs);
    to_write_ = granted_;
    for (const ManifestPath& need : needs.devices) {
      if (is_given("device", need, granted_.devices, to_write_.devices)) sandbox.devices.push_back(need.path);
    }
    for (const ManifestPath& need : needs.paths) {
      if (is_given("path", need, granted_.paths, to_write_.paths)) sandbox.paths.push_back({need.path, need.write});
    }
    give_names("capability", needs.capabilities, granted_.capabilities, sandbox.capabilities, to_write_.capabilities);
    give_names("feed", needs.feeds, granted_.feeds, feeds, to_write_.feeds);
    sandbox.network = needs.network && (everything_ || granted_.network);
    if (needs.network && !sandbox.network) {
      missing_.emplace_back("the network");
      to_write_.network = true;
    }
    report_missing();
    return std::move(problems_);
  }

 private:
  void refuse(const std::string& text) {
    const std::string& where = settings_.grants ? settings_.grants->where : settings_.where;
    problems_.push_back(base::problem(base::Error::kInvalid, settings_.instance + ": " + text, where));
  }

  // Why nobody is given the path; nothing if that is not so.
  std::optional<std::string> forbidden(const std::string& path) const {
    if (state_dir_.empty() || !reaches(std::filesystem::path(path), state_dir_)) return std::nullopt;
    std::error_code error;
    std::ignore = std::filesystem::weakly_canonical(path, error);
    if (error) return fmt::format("cannot be followed ({}), and may lead to the state directory", error.message());
    return fmt::format("leads to the state directory {}, which holds users and keys", state_dir_.string());
  }

  // Leaves those grants that can give something, and refuses the others: they would be an empty promise.
  void keep_asked(const ManifestNeeds& needs) {
    keep_asked_paths("device", needs.devices, granted_.devices);
    keep_asked_paths("path", needs.paths, granted_.paths);
    keep_asked_names("capability", needs.capabilities, granted_.capabilities);
    keep_asked_names("feed", needs.feeds, granted_.feeds);
    if (granted_.network && !needs.network) {
      refuse("grants: the manifest does not ask for the network; remove it");
      granted_.network = false;
    }
  }

  void keep_asked_names(std::string_view kind, const std::vector<std::string>& needs,
                        std::vector<std::string>& grants) {
    const auto is_wrong = [&](const std::string& name) {
      if (contains(needs, name)) return false;
      refuse(fmt::format("grants: the manifest does not ask for the {} {}; remove it", kind, name));
      return true;
    };
    grants.erase(std::remove_if(grants.begin(), grants.end(), is_wrong), grants.end());
  }

  void keep_asked_paths(std::string_view kind, const std::vector<ManifestPath>& needs,
                        std::vector<std::string>& grants) {
    const auto is_wrong = [&](const std::string& grant) {
      const auto need_where = [&](const auto& fits) { return std::find_if(needs.begin(), needs.end(), fits); };
      const auto below = need_where([&](const ManifestPath& need) { return covers(grant, need.path); });
      const auto above = need_where([&](const ManifestPath& need) { return covers(need.path, grant); });
      if (const auto why = forbidden(grant)) {
        refuse(fmt::format("grants: the {} {} {}; grant something narrower", kind, grant, *why));
      } else if (below == needs.end() && above == needs.end()) {
        refuse(fmt::format("grants: the manifest does not ask for the {} {}; remove it", kind, grant));
      } else if (below == needs.end()) {
        refuse(fmt::format("grants: the manifest asks for the {} {} as a whole; grant that, or remove {}", kind,
                           above->path, grant));
      } else {
        return false;
      }
      return true;
    };
    grants.erase(std::remove_if(grants.begin(), grants.end(), is_wrong), grants.end());
  }

  void give_names(std::string_view kind, const std::vector<std::string>& needs, const std::vector<std::string>& grants,
                  std::vector<std::string>& given, std::vector<std::string>& to_write) {
    for (const std::string& name : needs) {
      if (everything_ || contains(grants, name)) {
        given.push_back(name);
      } else {
        missing_.push_back(fmt::format("the {} {}", kind, name));
        to_write.push_back(name);
      }
    }
  }

  bool is_given(std::string_view kind, const ManifestPath& need, const std::vector<std::string>& grants,
                std::vector<std::string>& to_write) {
    const bool given = everything_ || std::any_of(grants.begin(), grants.end(),
                                                  [&](const std::string& grant) { return covers(grant, need.path); });
    if (!given && need.optional) return false;
    if (const auto why = forbidden(need.path)) {
      refuse(
          fmt::format("the plugin asks for the {0} {1}, and {1} {2}; no plugin is given that", kind, need.path, *why));
      return false;
    }
    if (given) return true;
    missing_.push_back(fmt::format("the {} {}{}", kind, need.path, need.write ? " (to write)" : ""));
    to_write.push_back(need.path);
    return false;
  }

  void report_missing() {
    if (missing_.empty()) return;
    std::string list;
    for (std::size_t i = 0; i < missing_.size(); ++i) {
      list += (i == 0 ? "" : i + 1 == missing_.size() ? " and " : ", ") + missing_[i];
    }
    refuse(fmt::format("the plugin asks for {}; if you trust it with that, {} `{}`", list,
                       settings_.grants ? "write instead" : "add", grants_yaml(to_write_)));
  }

  const config::PluginSettings& settings_;
  const bool everything_;
  const std::filesystem::path& state_dir_;
  PluginGrants granted_;
  PluginGrants to_write_;  // what is granted and what is missing
  std::vector<std::string> missing_;
  std::vector<base::Problem> problems_;
};

// A text as it can be written into a YAML flow list.
std::string yaml_text(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '.';
  });
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::vector<base::Problem> give_grants(const config::PluginSettings& settings, const ManifestNeeds& needs,
                                       bool in_host_dir, const std::filesystem::path& state_dir,
                                       link::SandboxSettings& sandbox, std::vector<std::string>& feeds) {
  return Giving(settings, in_host_dir, state_dir).give(needs, sandbox, feeds);
}

std::string grants_yaml(const config::PluginGrants& grants) {
  std::string text;
  const auto add = [&text](std::string_view key, const std::string& value) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, value);
  };
  const auto add_list = [&add](std::string_view key, const std::vector<std::string>& list) {
    std::string items;
    for (const std::string& item : list) items += (items.empty() ? "" : ", ") + yaml_text(item);
    if (!list.empty()) add(key, "[" + items + "]");
  };
  add_list("devices", grants.devices);
  add_list("paths", grants.paths);
  add_list("capabilities", grants.capabilities);
  add_list("feeds", grants.feeds);
  if (grants.network) add("network", "true");
  return "grants: { " + text + " }";
}

}  // namespace backplane::plugin
