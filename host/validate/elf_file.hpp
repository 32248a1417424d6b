// Reads what a shared object says of itself, without loading it: nothing of an unknown file runs in this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace backplane::validate {

struct ElfFile {
  std::string bytes;                 // the whole file
  std::vector<std::string> exports;  // names of the dynamic symbols that it defines
  std::vector<std::string> needed;   // the libraries that it names
  // Of the plugin's entry, where it exports one.
  std::optional<std::uint32_t> abi;
  std::optional<std::string> manifest;  // the bytes that it embeds; empty if only the loader can find them
};

// A problem if it is no shared object for this machine, or damaged: every offset in it is checked.
base::Checked<ElfFile> read_elf_file(const std::filesystem::path& file);

}  // namespace backplane::validate
