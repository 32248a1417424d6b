#include "support/journal_reading.hpp"

#include <stdexcept>

namespace backplane::log_stream {

std::unique_ptr<JournalReader> reader_of(const JournalFiles& files, const Query& query, Fields fields,
                                         const Masks* masks) {
  auto opened = JournalReader::open(files.place(), query, fields, masks);
  if (!opened) throw std::runtime_error(opened.failure().text);
  return *std::move(opened);
}

sdk::Failure problem_of(const JournalFiles& files, const Query& query, const Masks* masks) {
  auto opened = JournalReader::open(files.place(), query, Fields::kAll, masks);
  if (!opened) return opened.failure();
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
