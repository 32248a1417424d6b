#include "validate/elf_file.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/temporary_directory.hpp"

namespace backplane::validate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ElfFileTest, APluginIsReadWithoutLoadingIt) {
  const auto elf = read_elf_file(HELLO_C);
  ASSERT_TRUE(elf) << elf.error().message();
  EXPECT_THAT(elf->exports, Contains("backplane_plugin_entry"));
  EXPECT_THAT(elf->needed, Contains("libc.so.6"));
  EXPECT_EQ(elf->abi, 1u);  // 0.1
  std::string manifest = HELLO_C;
  manifest.replace(manifest.size() - 2, 2, "json");
  EXPECT_EQ(elf->manifest, support::read_file(manifest));
}

TEST(ElfFileTest, WhatIsNoSharedObjectIsRefusedWithTheReason) {
  const support::TemporaryDirectory folder;
  EXPECT_THAT(read_elf_file(folder.write("script.so", "#!/bin/sh\n")).error().text, HasSubstr("is no ELF file"));
  EXPECT_THAT(read_elf_file(folder.path() + "/none.so").error().text, HasSubstr("there is no such plugin file"));
  std::string other = support::read_file(HELLO_C);
  other[offsetof(Elf64_Ehdr, e_machine)] = 0x55;
  EXPECT_THAT(read_elf_file(folder.write("other.so", other)).error().text, HasSubstr("another kind of machine"));
}

TEST(ElfFileTest, AFileThatIsCutAnywhereIsRefusedOrReadAndNothingBeyondItsEnd) {
  const support::TemporaryDirectory folder;
  const std::string whole = support::read_file(HELLO_C);
  int refused = 0;
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    if (!read_elf_file(folder.write("cut.so", whole.substr(0, size)))) ++refused;
  }
  EXPECT_GT(refused, 0);
}

TEST(ElfFileTest, DamagedHeadsAndTablesAreBoundedToTheFile) {
  const support::TemporaryDirectory folder;
  const std::string whole = support::read_file(HELLO_C);
  Elf64_Ehdr header{};
  std::memcpy(&header, whole.data(), sizeof header);
  std::mt19937 random(5);
  int refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::string damaged = whole;
    for (int n = 0; n < 8; ++n)
      damaged[header.e_shoff + random() % (whole.size() - header.e_shoff)] = static_cast<char>(random());
    if (!read_elf_file(folder.write("damaged.so", damaged))) ++refused;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace backplane::validate
