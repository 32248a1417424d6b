#include "validate/elf_file.hpp"

#include <backplane/plugin.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Segment = ElfW(Phdr);
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);
using Relocation = ElfW(Rela);

constexpr char kEntry[] = "backplane_plugin_entry";

// The machine's own header: this program's.
std::optional<Header> own_header() {
  std::ifstream self("/proc/self/exe", std::ios::binary);
  Header header{};
  self.read(reinterpret_cast<char*>(&header), sizeof header);
  return self ? std::optional(header) : std::nullopt;
}

class Reader {
 public:
  Reader(const std::filesystem::path& file, ElfFile& into) : file_(file), into_(into) {}

  base::Checked<void> read() {
    if (auto right = read_header(); !right) return right;
    if (header_.e_shnum > limits::kElfSectionsMax) return damaged("it has too many sections");
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      const auto section = at<Section>(header_.e_shoff, i);
      if (!section) return damaged("its section table lies outside the file");
      if (section->sh_type != SHT_DYNSYM && section->sh_type != SHT_DYNAMIC) continue;
      const auto names = at<Section>(header_.e_shoff, section->sh_link);
      if (section->sh_link >= header_.e_shnum || !names) return damaged("a section names another that is not there");
      const bool right =
          section->sh_type == SHT_DYNSYM ? read_symbols(*section, *names) : read_dynamic(*section, *names);
      if (!right) return damaged("its dynamic symbols or libraries lie outside the file");
    }
    if (entry_) read_entry(*entry_);
    return {};
  }

 private:
  base::Problem wrong(std::string text) const {
    return base::problem(base::Error::kInvalid, std::move(text), file_.string());
  }
  base::Problem damaged(const char* what) const { return wrong(std::string("is damaged: ") + what); }

  // The record with that number in a table of them; empty if it lies outside the file.
  template <class T>
  std::optional<T> at(std::uint64_t offset, std::uint64_t index = 0) const {
    const std::uint64_t size = into_.bytes.size();
    if (offset > size || index >= (size - offset) / sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, into_.bytes.data() + offset + index * sizeof(T), sizeof value);
    return value;
  }

  std::optional<std::string> name_at(const Section& names, std::uint64_t offset) const {
    const std::uint64_t size = into_.bytes.size();
    if (names.sh_offset > size || names.sh_size > size - names.sh_offset || offset >= names.sh_size)
      return std::nullopt;
    const std::string_view table(into_.bytes.data() + names.sh_offset, names.sh_size);
    const std::size_t end = table.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(table.substr(offset, end - offset));
  }

  base::Checked<void> read_header() {
    const auto header = at<Header>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return wrong("is no ELF file");
    const auto own = own_header();
    if (own && (header->e_ident[EI_CLASS] != own->e_ident[EI_CLASS] ||
                header->e_ident[EI_DATA] != own->e_ident[EI_DATA] || header->e_machine != own->e_machine)) {
      return wrong(
          fmt::format("is for another kind of machine (ELF machine {}, here {}); run this where the plugin runs",
                      header->e_machine, own->e_machine));
    }
    if (header->e_type != ET_DYN) return wrong("is no shared object; link it with -shared");
    if (header->e_shnum == 0 || header->e_shentsize != sizeof(Section)) {
      return wrong("has no table of sections; install it as the linker wrote it");
    }
    header_ = *header;
    return {};
  }

  bool read_symbols(const Section& table, const Section& names) {
    const std::uint64_t count = std::min<std::uint64_t>(table.sh_size / sizeof(Symbol), limits::kElfNamesMax);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto symbol = at<Symbol>(table.sh_offset, i);
      if (!symbol) return false;
      const int binding = ELF64_ST_BIND(symbol->st_info);  // the same bits in both classes
      if (symbol->st_shndx == SHN_UNDEF || binding == STB_LOCAL) continue;
      auto name = name_at(names, symbol->st_name);
      if (!name) return false;
      if (*name == kEntry) entry_ = symbol->st_value;
      into_.exports.push_back(std::move(*name));
    }
    return true;
  }

  bool read_dynamic(const Section& table, const Section& names) {
    const std::uint64_t count = std::min<std::uint64_t>(table.sh_size / sizeof(Dynamic), limits::kElfNamesMax);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto entry = at<Dynamic>(table.sh_offset, i);
      if (!entry) return false;
      if (entry->d_tag == DT_NULL) break;
      if (entry->d_tag != DT_NEEDED) continue;
      auto name = name_at(names, entry->d_un.d_val);
      if (!name) return false;
      into_.needed.push_back(std::move(*name));
    }
    return true;
  }

  // Where an address of the loaded library stands in the file.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    for (std::size_t i = 0; i < header_.e_phnum; ++i) {
      const auto segment = at<Segment>(header_.e_phoff, i);
      if (!segment || segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
      if (address - segment->p_vaddr < segment->p_filesz) return segment->p_offset + (address - segment->p_vaddr);
    }
    return std::nullopt;
  }

  // Numbers stand in the file as the host will see them; the pointer to the manifest is in place, or in a relocation.
  void read_entry(std::uint64_t address) {
    const auto offset = offset_of(address);
    if (!offset) return;
    into_.abi = at<std::uint32_t>(*offset + offsetof(bp_plugin_entry, abi));
    constexpr std::size_t kManifest = offsetof(bp_plugin_entry, manifest);
    const auto size = at<std::size_t>(*offset + kManifest + offsetof(bp_bytes, size));
    auto data = at<std::uintptr_t>(*offset + kManifest + offsetof(bp_bytes, data));
    if (data && *data == 0) data = addend_at(address + kManifest + offsetof(bp_bytes, data));
    const auto start = data && *data != 0 ? offset_of(*data) : std::nullopt;
    if (!start || !size || *start > into_.bytes.size() || *size > into_.bytes.size() - *start) return;
    into_.manifest = into_.bytes.substr(*start, *size);
  }

  std::optional<std::uintptr_t> addend_at(std::uint64_t address) const {
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      const auto section = at<Section>(header_.e_shoff, i);
      if (!section || section->sh_type != SHT_RELA) continue;
      const std::uint64_t count = section->sh_size / sizeof(Relocation);
      for (std::uint64_t n = 0; n < count; ++n) {
        const auto relocation = at<Relocation>(section->sh_offset, n);
        if (!relocation) break;
        if (relocation->r_offset == address) return static_cast<std::uintptr_t>(relocation->r_addend);
      }
    }
    return std::nullopt;
  }

  const std::filesystem::path& file_;
  ElfFile& into_;
  Header header_{};
  std::optional<std::uint64_t> entry_;  // its address
};

}  // namespace

base::Checked<ElfFile> read_elf_file(const std::filesystem::path& file) {
  const auto unreadable = [&file](std::string text) {
    return base::problem(base::Error::kIo, std::move(text), file.string());
  };
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return unreadable("there is no such plugin file");
  if (std::filesystem::file_size(file, error) > limits::kPluginFileReadBytesMax || error) {
    return unreadable(fmt::format("is larger than {} MiB; strip it", limits::kPluginFileReadBytesMax >> 20));
  }
  ElfFile elf;
  std::ifstream stream(file, std::ios::binary);
  elf.bytes.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  if (!stream.is_open() || stream.bad()) return unreadable("cannot be read");
  if (auto right = Reader(file, elf).read(); !right) return right.error();
  return elf;
}

}  // namespace backplane::validate
