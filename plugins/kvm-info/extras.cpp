#include "kvm-info/extras.hpp"

#include <dirent.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "kvm-info/limits.hpp"
#include "kvm-info/sources.hpp"
#include "kvm-info/yaml_file.hpp"

namespace backplane::kvm_info {
namespace {

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string key_of(std::string_view folder) {
  std::string key;
  bool replacing = false;
  for (const char c : folder) {
    if (is_key_character(c)) {
      key += c;
    } else if (!replacing) {
      key += '_';
    }
    replacing = !is_key_character(c);
  }
  return key;
}

// The daemon that a manifest names; empty where it names none.
std::string daemon_of(const Value& manifest) {
  const Value* daemon = manifest.find("daemon");
  if (daemon == nullptr || daemon->string() == nullptr) return {};
  return std::string(sdk::trim(*daemon->string(), sdk::kWhiteSpace));
}

Value port_number(std::string_view path, const Value::Object& ports) {
  static const Value::Object kDefaults{{"ipmi/server/port", 623}, {"vnc/server/port", 5900}};
  if (const auto found = ports.find(path); found != ports.end()) return found->second;
  if (const auto found = kDefaults.find(path); found != kDefaults.end()) return found->second;
  return 0;
}

void complete(Value::Object& manifest, const Value::Object& ports) {
  if (!daemon_of(manifest).empty()) {
    manifest["enabled"] = false;
    manifest["started"] = false;
  }
  const auto port = manifest.find("port");
  if (port == manifest.end() || port->second.string() == nullptr) return;
  const std::string path(sdk::trim(*port->second.string(), sdk::kWhiteSpace));
  if (!path.empty()) port->second = port_number(path, ports);
}

struct Folders {
  std::vector<std::string> names;
  int error = 0;
};

Folders list_folders(const std::string& directory) {
  const std::unique_ptr<DIR, DirectoryCloser> entries(::opendir(directory.c_str()));
  if (entries == nullptr) return {{}, errno};
  Folders folders;
  for (std::size_t looked_at = 0; looked_at < kDirectoryEntriesMax; ++looked_at) {
    const dirent* entry = ::readdir(entries.get());
    if (entry == nullptr) break;
    const bool may_be_folder = entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
    if (may_be_folder && entry->d_name[0] != '.') folders.names.emplace_back(entry->d_name);
  }
  std::sort(folders.names.begin(), folders.names.end());
  return folders;
}

}  // namespace

Extras read_extras(const std::string& directory, const Value::Object& ports) {
  Folders folders = list_folders(directory);
  if (folders.error != 0) {
    return {nullptr, {directory + ": the directory of extras cannot be read: " + std::strerror(folders.error)}};
  }
  Extras extras;
  if (folders.names.size() > kExtrasMax) {
    extras.problems.push_back(directory + ": has more than " + std::to_string(kExtrasMax) + " folders; the first " +
                              std::to_string(kExtrasMax) + " are read");
    folders.names.resize(kExtrasMax);
  }
  Value::Object manifests;
  for (const std::string& name : folders.names) {
    const std::string file = directory + "/" + name + "/manifest.yaml";
    YamlResult manifest = read_yaml_file(file);
    if (!manifest.value) {
      extras.problems.push_back(std::move(manifest.problem));
    } else if (manifest.value->object() == nullptr) {
      extras.problems.push_back(file + ": is no list of keys and values");
    } else {
      complete(*manifest.value->object(), ports);
      manifests.insert_or_assign(key_of(name), std::move(*manifest.value));
    }
  }
  extras.value = std::move(manifests);
  return extras;
}

std::vector<std::string> daemons(const Value& extras) {
  std::set<std::string> names;
  if (extras.object() != nullptr) {
    for (const auto& [key, manifest] : *extras.object()) {
      if (std::string daemon = daemon_of(manifest); !daemon.empty()) names.insert(std::move(daemon));
    }
  }
  return {names.begin(), names.end()};
}

void apply_unit_states(Value& extras, const std::map<std::string, UnitState>& states) {
  if (extras.object() == nullptr) return;
  for (auto& [key, manifest] : *extras.object()) {
    const auto state = states.find(daemon_of(manifest));
    if (state == states.end()) continue;
    (*manifest.object())["enabled"] = state->second.enabled;
    (*manifest.object())["started"] = state->second.started;
  }
}

}  // namespace backplane::kvm_info
