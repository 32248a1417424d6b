#include "journal_files.hpp"

#include <stdexcept>

#include "support/child_process.hpp"

namespace backplane::log_stream {
namespace {

constexpr const char* kJournalRemote = "/lib/systemd/systemd-journal-remote";

// The binary form of the journal export format, which takes any bytes: name, LF, length as 64 bits with the lowest byte
// first, value, LF. systemd-journal-remote passes over empty ones in that form.
void append_field(std::string& out, const std::string& name, const std::string& value) {
  if (value.empty()) {
    out += name + "=\n";
    return;
  }
  out += name + "\n";
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value.size() >> shift & 0xff);
  out += value + "\n";
}

std::string exported(const std::vector<WrittenEntry>& entries) {
  std::string out;
  for (const WrittenEntry& entry : entries) {
    out += "__REALTIME_TIMESTAMP=" + std::to_string(kBeginUs + entry.second * kSecondUs) + "\n";
    out += "__MONOTONIC_TIMESTAMP=" + std::to_string(kSecondUs + entry.second * kSecondUs) + "\n";
    out += "_BOOT_ID=" + entry.boot_id + "\n";
    for (const auto& [name, value] : entry.fields) append_field(out, name, value);
    out += "\n";
  }
  return out;
}

}  // namespace

WrittenEntry said(std::uint64_t second, std::string message) {
  return {second,
          {{"PRIORITY", "6"},
           {"_HOSTNAME", "miner"},
           {"SYSLOG_IDENTIFIER", "cgminer"},
           {"_PID", "231"},
           {"_SYSTEMD_UNIT", "cgminer.service"},
           {"MESSAGE", std::move(message)}}};
}

std::vector<WrittenEntry> said_in_turn(std::uint64_t first, std::uint64_t count) {
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = first; i < first + count; ++i) entries.push_back(said(i, "message " + std::to_string(i)));
  return entries;
}

void JournalFiles::write(const std::string& name, const std::vector<WrittenEntry>& entries) const {
  const std::string input = exports_.write(name + ".export", exported(entries));
  support::ChildProcess remote({kJournalRemote, "--output=" + file(name), input});
  if (remote.wait() != 0) throw std::runtime_error("systemd-journal-remote: " + remote.output());
}

std::unique_ptr<JournalReader> reader_of(const JournalFiles& files, const Query& query, Fields fields,
                                         const Masks* masks) {
  auto opened = JournalReader::open(files.place(), query, fields, masks);
  if (const Problem* problem = std::get_if<Problem>(&opened)) throw std::runtime_error(problem->text);
  return std::get<std::unique_ptr<JournalReader>>(std::move(opened));
}

Problem problem_of(const JournalFiles& files, const Query& query, const Masks* masks) {
  auto opened = JournalReader::open(files.place(), query, Fields::kAll, masks);
  if (const Problem* problem = std::get_if<Problem>(&opened)) return *problem;
  throw std::runtime_error("the journal has opened");
}

Messages read_on(EntryReader& reader) {
  Messages messages;
  Entry entry;
  for (;;) {
    messages.end = reader.next(entry);
    if (messages.end == EntryReader::Step::kPause) continue;
    if (messages.end != EntryReader::Step::kEntry) return messages;
    messages.texts.emplace_back(entry.find("MESSAGE"));
  }
}

std::vector<std::string> messages_of(const JournalFiles& files, const Query& query) {
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  return read_on(*reader).texts;
}

std::vector<std::string> cursors_of(const JournalFiles& files) {
  const std::unique_ptr<JournalReader> reader = reader_of(files);
  std::vector<std::string> cursors;
  Entry entry;
  while (reader->next(entry) == EntryReader::Step::kEntry) cursors.push_back(entry.cursor);
  return cursors;
}

Query at(std::string cursor, std::int64_t skip, std::optional<std::uint64_t> count) {
  Query query;
  query.cursor = std::move(cursor);
  query.skip = skip;
  query.count = count;
  return query;
}

}  // namespace backplane::log_stream
