#include "ctl/describe_plugin.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "ctl/columns.hpp"
#include "ctl/plugin_description.hpp"
#include "ctl/printable.hpp"
#include "ctl/report.hpp"
#include "plugin/manifest.hpp"

namespace backplane::ctl {
namespace {

base::Checked<std::filesystem::path> manifest_file(std::filesystem::path file) {
  if (file.extension() == ".json") return file;
  if (file.extension() != ".so") {
    return base::problem(base::Error::kInvalid, "is no plugin: name its <id>.json, or <id>.so with that beside it",
                         file.string());
  }
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return base::problem(base::Error::kNotFound, "there is no such file", file.string());
  }
  return file.replace_extension(".json");
}

}  // namespace

int describe_plugin(const std::filesystem::path& file, bool json) {
  const auto manifest = manifest_file(file);
  if (!manifest) return report(manifest.error());
  const plugin::ManifestOutcome outcome = plugin::read_manifest(*manifest);
  for (const base::Problem& problem : outcome.problems) fmt::print(stderr, "{}\n", printable(problem.message()));
  if (!outcome.manifest) return kFailed;
  if (!json) {
    fmt::print("{}", plugin_description(*outcome.manifest, terminal_width()));
    return 0;
  }
  const std::string& bytes = outcome.manifest->bytes;
  fmt::print("{}{}", bytes, bytes.ends_with('\n') ? "" : "\n");
  return 0;
}

}  // namespace backplane::ctl
