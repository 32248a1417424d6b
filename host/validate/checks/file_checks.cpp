#include <backplane/plugin.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "validate/checks/checks.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

constexpr std::string_view kEntry = "backplane_plugin_entry";

// What every system has that can run a plugin.
bool is_usual(std::string_view library) {
  constexpr std::array<std::string_view, 8> kUsual = {"libc.so.", "libm.so.",  "libstdc++.so.",  "libgcc_s.so.",
                                                      "ld-linux", "libdl.so.", "libpthread.so.", "librt.so."};
  return std::any_of(kUsual.begin(), kUsual.end(), [&](auto name) { return library.starts_with(name); });
}

std::string listed(const std::vector<std::string>& names) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(names.size(), limits::kElfNamesShownMax));
  std::string text = fmt::format("{}", fmt::join(names.begin(), names.begin() + shown, ", "));
  if (names.size() > limits::kElfNamesShownMax) {
    text += fmt::format(" and {} more", names.size() - limits::kElfNamesShownMax);
  }
  return text;
}

Finding check_exports(const ElfFile& elf) {
  const auto& exports = elf.exports;
  if (std::find(exports.begin(), exports.end(), kEntry) == exports.end()) {
    return failed(fmt::format("it does not export {}", kEntry),
                  "define it with BACKPLANE_PLUGIN(Class), or as the C example does, with default visibility");
  }
  if (exports.size() == 1) return ok(fmt::format("{} alone", kEntry));
  std::vector<std::string> others = exports;
  std::erase(others, kEntry);
  return failed(fmt::format("it also exports {}", listed(others)),
                "build it with backplane_add_plugin(), or link it with --version-script and plugin_exports.map");
}

Finding check_needed(const ElfFile& elf) {
  std::vector<std::string> others;
  std::copy_if(elf.needed.begin(), elf.needed.end(), std::back_inserter(others),
               [](const std::string& library) { return !is_usual(library); });
  if (others.empty()) return ok(elf.needed.empty() ? "none" : listed(elf.needed));
  return {Verdict::kNote, "besides the usual ones it needs " + listed(others), "the device must have them installed"};
}

Finding check_abi(const ElfFile& elf) {
  const auto text = [](std::uint32_t abi) { return fmt::format("{}.{}", abi >> 16, abi & 0xFFFF); };
  if (!elf.abi) return failed("its entry lies outside the file's data", "link it anew");
  const bool fits = (BP_ABI_VERSION >> 16) == 0
                        ? *elf.abi == BP_ABI_VERSION
                        : (*elf.abi >> 16) == (BP_ABI_VERSION >> 16) && *elf.abi <= BP_ABI_VERSION;
  if (fits) return ok(text(*elf.abi));
  return failed(fmt::format("it was built for ABI {}, and this host has {}", text(*elf.abi), text(BP_ABI_VERSION)),
                "rebuild it with this host's headers");
}

Finding check_embedded(const ElfFile& elf, const plugin::Manifest& manifest) {
  if (!elf.manifest) return skipped("only the loader can find it; the start says whether it is right");
  if (*elf.manifest == manifest.bytes) return ok("equals the file");
  return failed("the library was built with another manifest than " + manifest.file.string(),
                "install both from one build");
}

}  // namespace

bool check_file(const plugin::Manifest& manifest, const std::filesystem::path& library, Report& report) {
  const auto add = [&report](const char* name, Finding finding) {
    const bool good = finding.verdict != Verdict::kFailed;
    report.checks.push_back({1, name, std::move(finding)});
    return good;
  };
  const auto elf = read_elf_file(library);
  if (!elf) return add("file", failed(elf.error().message()));
  add("file", ok("a shared object for this machine"));
  const bool has_entry =
      elf->abi.has_value() || std::find(elf->exports.begin(), elf->exports.end(), kEntry) != elf->exports.end();
  add("exported symbols", check_exports(*elf));
  add("needed libraries", check_needed(*elf));
  if (!has_entry) return false;
  const bool abi_fits = add("ABI version", check_abi(*elf));
  const bool same_manifest = add("embedded manifest", check_embedded(*elf, manifest));
  return abi_fits && same_manifest;
}

}  // namespace backplane::validate
