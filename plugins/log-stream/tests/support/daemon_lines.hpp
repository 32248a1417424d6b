// A log in memory that tests write line by line: the daemon's own, as an instance has it where there is no journal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "log-stream/host_log.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {

inline std::string daemon_item(std::uint64_t time_us, const std::string& text, int priority = 6) {
  return R"({"time_us": )" + std::to_string(time_us) + R"(, "priority": )" + std::to_string(priority) +
         R"(, "text": ")" + text + "\"}";
}

class DaemonLines {
 public:
  // One after the other, a second apart.
  void add(const std::string& text, int priority = 6) {
    log_.add(daemon_item(kBeginUs + second_++ * kSecondUs, text, priority));
  }
  void add_in_turn(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) add("line " + std::to_string(second_));
  }
  HostLog& log() { return log_; }

  std::unique_ptr<EntryReader> reader(const Query& query = {}, const Masks* masks = nullptr) const {
    return *log_.open(query, masks);
  }
  std::vector<std::string> texts(const Query& query = {}, const Masks* masks = nullptr) const {
    return read_on(*reader(query, masks)).texts;
  }
  std::vector<std::string> cursors() const {
    std::vector<std::string> found;
    Entry entry;
    const auto all = reader();
    while (all->next(entry) == EntryReader::Step::kEntry) found.push_back(entry.cursor);
    return found;
  }

 private:
  HostLog log_{"miner", kBootA};
  std::uint64_t second_ = 0;
};

}  // namespace backplane::log_stream
