#include "plugin/library.hpp"

#include <dlfcn.h>

#include <string>

#include "link/plugin_side/abi_values.hpp"

namespace backplane::plugin {
namespace {

constexpr char kSymbol[] = "backplane_plugin_entry";

std::string version_text(std::uint32_t abi) {
  return std::to_string(abi >> 16) + "." + std::to_string(abi & 0xFFFF);
}

// While the major is 0 only the same version fits; from 1.0 on every minor up to ours.
bool fits(std::uint32_t abi) {
  if ((BP_ABI_VERSION >> 16) == 0) return abi == BP_ABI_VERSION;
  return (abi >> 16) == (BP_ABI_VERSION >> 16) && abi <= BP_ABI_VERSION;
}

std::string loader_message(const std::filesystem::path& file) {
  const char* message = dlerror();
  std::string text = message == nullptr ? "unknown error" : message;
  const std::string prefix = file.string() + ": ";  // it is named already
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return text;
}

}  // namespace

base::Checked<const bp_plugin_entry*> load_library(const std::filesystem::path& file, std::string_view manifest_bytes) {
  const auto refuse = [&file](base::Error code, std::string text) {
    return base::problem(code, std::move(text), file.string());
  };
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return refuse(base::Error::kNotFound, "there is no such plugin file");
  }
  // An absolute path, or dlopen would search the system's folders for a name without a slash.
  void* library = dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return refuse(base::Error::kInvalid, "cannot be loaded: " + loader_message(file));
  const auto* entry = static_cast<const bp_plugin_entry*>(dlsym(library, kSymbol));
  if (entry == nullptr) {
    return refuse(base::Error::kInvalid, std::string("is not a plugin: it does not export ") + kSymbol);
  }
  if (!BP_HAS(entry, abi) || !fits(entry->abi)) {
    return refuse(base::Error::kUnsupported, "was built for ABI " + version_text(entry->abi) + ", and this host has " +
                                                 version_text(BP_ABI_VERSION) + "; rebuild the plugin");
  }
  if (!BP_HAS(entry, create) || entry->create == nullptr) {
    return refuse(base::Error::kInvalid, "its entry is too short or has no create function");
  }
  if (link::to_text(entry->manifest) != manifest_bytes) {
    return refuse(base::Error::kInvalid,
                  "was built with another manifest than the file beside it; install both from one build");
  }
  return entry;
}

}  // namespace backplane::plugin
