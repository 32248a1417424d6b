// Every bound of this plugin in one place, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::log_stream {

// --- Entries of the journal ---
inline constexpr std::size_t kFieldBytesMax = 64 * 1024;    // journald cuts a line at 48 KiB; a core dump is 64 MiB
inline constexpr std::size_t kEntryBytesMax = 1024 * 1024;  // all fields of one entry; journald allows 1024 of them
inline constexpr std::size_t kFieldNameBytesMax = 64;       // systemd's own limit
inline constexpr std::size_t kScannedPerSlice = 1024;       // entries that do not pass, about 5 ms, then others work
inline constexpr std::size_t kSearchedPerSlice = 2 * 1024;  // bytes given to `grep`: the worst take 50 ms
inline constexpr int kReadErrorsInARowMax = 64;             // libsystemd drops a damaged file at each; more go nowhere
inline constexpr int kUnreadableInARowMax = 100'000;        // entries: a damaged file may hold many, but not for ever
inline constexpr std::size_t kJournalDirectoriesMax = 64;   // of the machines whose journals are kept here

// --- Lists that are made of the journal ---
inline constexpr std::size_t kBootsMax = 256;                     // journald keeps months; each costs three seeks
inline constexpr std::size_t kFieldValuesMax = 4096;              // more is no list to choose from
inline constexpr std::size_t kFieldValuesBytesMax = 1024 * 1024;  // together, as they become one answer
inline constexpr std::size_t kFieldValuesLookedAtMax = 16'384;    // masked values fall together: counts all of them
inline constexpr std::size_t kExpandedUnitsMax = 128;             // of one pattern; above, each entry is looked at
inline constexpr std::size_t kUniqueUnitsLookedAtMax = 1'024;     // of one field, for a pattern: 0.1 s for all
inline constexpr std::size_t kJournalFilesLookedAtMax = 4096;     // while searching the reason why none can be read

// --- Parameters ---
inline constexpr std::size_t kGrepBytesMax = 512;           // a longer one is no pattern of a person
inline constexpr int kGrepProgramMax = 600;                 // steps that a byte may cost; "a.{0,50}b" has about 500
inline constexpr std::size_t kGrepTextBytesMax = 8 * 1024;  // of a message that are searched: 0.2 s at worst
inline constexpr std::int64_t kGrepMemoryBytesMax = 256 * 1024;  // bounds how many steps a byte of text costs
inline constexpr std::size_t kUnitNameBytesMax = 255;            // systemd's own limit
inline constexpr std::size_t kUnitsMax = 32;                     // of one request
inline constexpr std::size_t kMatchesMax = 64;                   // of one request; each costs at every entry
inline constexpr std::size_t kMatchValueBytesMax = 4096;         // what fits into a request target anyway
inline constexpr std::size_t kCursorBytesMax = 512;              // systemd's are about 120
inline constexpr std::size_t kRangeBytesMax = 1024;              // a cursor and two numbers
inline constexpr std::size_t kTimeTextBytesMax = 64;             // RFC 3339 with a fraction is under 40
inline constexpr std::size_t kQuotedBytesMax = 64;               // of what a client sent, in an error text

// --- Answers ---
inline constexpr std::size_t kReadersMax = 32;               // of the journal at once: each has all its files open
inline constexpr std::size_t kFilteredFollowersShares = 4;   // of followers with filters a user has one such part
inline constexpr std::size_t kReadersPerUserMax = 24;        // of those, so that one user leaves some to others
inline constexpr std::int64_t kWorkMs = 5;                   // of one client at a stretch, then others work
inline constexpr std::size_t kPieceBytes = 16 * 1024;        // collected before it is written: one TLS record
inline constexpr std::size_t kWriteBytesMax = 64 * 1024;     // of one write: a quarter of the window
inline constexpr std::size_t kEntriesPerSlice = 512;         // of one client, about 5 ms, then others work
inline constexpr std::size_t kMessageBytesMax = 200 * 1024;  // of a WebSocket; larger entries are shortened
inline constexpr std::size_t kShortenedMessageBytesMax = 8 * 1024;  // a page to read; at most four times that as JSON
inline constexpr std::size_t kShortenedFieldBytesMax = 256;         // names of hosts, programs and units fit
inline constexpr int kHandOverTriesMax = 16;  // to catch up with the shared reader in one go; else others work first
inline constexpr std::int64_t kLinesMax = 10'000;  // that a WebSocket begins with: what a person scrolls through

// --- The reader that followers share ---
inline constexpr std::size_t kTailEntriesPerSlice = 512;  // about 5 ms, then clients work
inline constexpr std::int64_t kTailRetryMs = 20;          // after the host has taken no more for the moment
inline constexpr std::int64_t kTailReopenMs = 1'000;      // after the journal could not be read

// --- Without a journal ---
inline constexpr std::size_t kHostLogLinesMax = 1'000;       // of the daemon's own log that are kept
inline constexpr std::size_t kHostLogBytesMax = 512 * 1024;  // the same in bytes
inline constexpr std::int64_t kJournalRetryMs = 10'000;      // how often it is looked for

// --- Masks ---
inline constexpr std::size_t kMaskRulesMax = 64;                       // the defaults are about 20
inline constexpr std::size_t kMaskRuleBytesMax = 2048;                 // the longest default has under 500
inline constexpr std::int64_t kMaskRuleMemoryMax = 1024 * 1024;        // compiled; beyond it a rule is refused
inline constexpr std::int64_t kMaskRulesMemoryMax = 16 * 1024 * 1024;  // of the automaton that looks for all at once

}  // namespace backplane::log_stream
