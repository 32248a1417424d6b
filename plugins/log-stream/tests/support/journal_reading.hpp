// The short ways to read journal files that a test has made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log-stream/journal/journal_reader.hpp"
#include "support/journal_files.hpp"

namespace backplane::log_stream {

using support::kBeginUs;
using support::kBootA;
using support::kBootB;
using support::kBootC;
using support::kSecondUs;
using support::said;
using support::said_in_turn;
using support::WrittenEntry;

class JournalFiles : public support::JournalFiles {
 public:
  JournalPlace place() const { return {path()}; }
};

// A reader that must open.
std::unique_ptr<JournalReader> reader_of(const JournalFiles& files, const Query& query = {},
                                         Fields fields = Fields::kAll, const Masks* masks = nullptr);
// Why it does not open.
sdk::Failure problem_of(const JournalFiles& files, const Query& query, const Masks* masks = nullptr);

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
