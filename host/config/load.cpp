#include "config/load.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "config/limits.hpp"
#include "config/problems.hpp"
#include "config/settings_schema.hpp"
#include "config/yaml/source_file.hpp"
#include "config/yaml/tree.hpp"

namespace backplane::config {
namespace {

using limits::kConfigIncludesMax;

class Loader {
 public:
  explicit Loader(std::filesystem::path file) : file_(std::move(file)), folder_(file_.parent_path()) {}

  LoadOutcome run() {
    const auto root = read(file_,
                           "name the configuration with --config FILE; backplane.yaml of the package is a commented "
                           "one to begin with");
    if (root) {
      const Cursor at{*root, root->place, {}, problems_};
      read_main_file(at, settings_);
      for (auto& dir : settings_.plugin_dirs) dir = folder_ / dir;
      read_roles_file(*root);
      read_includes(*root);
    }
    LoadOutcome out;
    if (problems_.count() == 0) out.settings = std::move(settings_);
    out.problems = problems_.take();
    return out;
  }

 private:
  std::shared_ptr<const SourceFile> source(const std::filesystem::path& file) {
    return std::make_shared<SourceFile>(SourceFile{file.string(), files_++});
  }

  std::shared_ptr<const YamlNode> read(const std::filesystem::path& file, std::string_view remedy) {
    const auto from = source(file);
    const auto text = read_source(from, file, remedy, problems_);
    return text ? parse_yaml(*text, from, problems_) : nullptr;
  }

  void read_roles_file(const YamlNode& root) {
    const bool named = root.find("roles") != nullptr;
    if (named && settings_.roles_file.empty()) return;  // the key itself is wrong, and reported
    const std::filesystem::path file = folder_ / (named ? settings_.roles_file : "roles.yaml");
    std::error_code ignored;
    if (!named && !std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) return;
    settings_.roles_file = file;
    if (auto roles = read_roles(source(file), file, problems_)) settings_.roles = std::move(*roles);
  }

  void read_includes(const YamlNode& root) {
    const YamlEntry* entry = root.find("include");
    if (entry == nullptr || settings_.include.size() != entry->value->items.size()) return;
    const Cursor list = Cursor{root, root.place, {}, problems_}.at(*entry);
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < settings_.include.size(); ++i) {
      if (settings_.include[i].empty()) continue;  // reported already
      for (auto& file : matching(list.at(i), settings_.include[i])) {
        if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(std::move(file));
      }
    }
    if (files.size() > kConfigIncludesMax) {
      return list.refuse(fmt::format("{} files match; at most {} are read", files.size(), kConfigIncludesMax));
    }
    for (const auto& file : files) {
      const auto included = read(file, "it was there when the pattern was looked at");
      if (included) read_included_file({*included, included->place, {}, problems_}, settings_);
    }
  }

  // The files of one pattern, sorted by name. A pattern may match nothing; a plain name may not.
  std::vector<std::filesystem::path> matching(const Cursor& at, const std::string& pattern) {
    std::vector<std::filesystem::path> files;
    glob_t found{};
    const std::string full = (escaped(folder_) / pattern).string();
    const auto stop_at = [](const char*, int error) { return error == ENOENT || error == ENOTDIR ? 0 : 1; };
    const int result = ::glob(full.c_str(), 0, stop_at, &found);
    if (result == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (result != 0 && result != GLOB_NOMATCH) {
      at.refuse(fmt::format("{} cannot be looked at; may the daemon read that folder?", shown(pattern)));
    } else if (result == GLOB_NOMATCH && pattern.find_first_of("*?[") == std::string::npos) {
      at.refuse(fmt::format("there is no file {}", shown(pattern)));
    }
    return files;
  }

  // The folder's own name is no pattern, whatever characters it has.
  static std::filesystem::path escaped(const std::filesystem::path& folder) {
    std::string out;
    for (const char c : folder.native()) {
      if (c == '*' || c == '?' || c == '[' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  }

  const std::filesystem::path file_;
  const std::filesystem::path folder_;
  Settings settings_;
  Problems problems_;
  std::size_t files_ = 0;
};

}  // namespace

LoadOutcome load(const std::filesystem::path& file) {
  return Loader(file).run();
}

}  // namespace backplane::config
