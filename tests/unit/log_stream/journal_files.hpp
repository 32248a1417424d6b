// Real journal files in a directory of a test's own, made by systemd-journal-remote, and the short ways to read them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log-stream/journal_reader.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::log_stream {

inline const std::string kBootA(32, 'a');
inline const std::string kBootB(32, 'b');
inline const std::string kBootC(32, 'c');
inline constexpr std::uint64_t kBeginUs = 1'795'000'000'000'000;
inline constexpr std::uint64_t kSecondUs = 1'000'000;

struct WrittenEntry {
  std::uint64_t second = 0;  // after kBeginUs, and after the boot
  std::vector<std::pair<std::string, std::string>> fields;
  std::string boot_id = kBootA;
};

// An entry of cgminer's with that message.
WrittenEntry said(std::uint64_t second, std::string message);
// `count` of them, one a second, "message 0" first.
std::vector<WrittenEntry> said_in_turn(std::uint64_t first, std::uint64_t count);

class JournalFiles {
 public:
  JournalFiles() = default;

  JournalPlace place() const { return {directory_.path()}; }
  const std::string& path() const { return directory_.path(); }
  std::string file(const std::string& name) const { return path() + "/" + name + ".journal"; }
  // Makes that file, or appends to it.
  void write(const std::string& name, const std::vector<WrittenEntry>& entries) const;

 private:
  support::TemporaryDirectory directory_;
  support::TemporaryDirectory exports_;
};

// A reader that must open.
std::unique_ptr<JournalReader> reader_of(const JournalFiles& files, const Query& query = {},
                                         Fields fields = Fields::kAll, const Masks* masks = nullptr);
// Why it does not open.
Problem problem_of(const JournalFiles& files, const Query& query, const Masks* masks = nullptr);

// The messages of all entries up to the end, and how the reading ended.
struct Messages {
  std::vector<std::string> texts;
  EntryReader::Step end = EntryReader::Step::kEnd;
};
Messages read_on(EntryReader& reader);
std::vector<std::string> messages_of(const JournalFiles& files, const Query& query = {});

// The cursors of all entries, oldest first.
std::vector<std::string> cursors_of(const JournalFiles& files);
Query at(std::string cursor, std::int64_t skip = 0, std::optional<std::uint64_t> count = std::nullopt);

}  // namespace backplane::log_stream
