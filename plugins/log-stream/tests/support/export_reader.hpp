// Reads the export format, for tests that ask what came through.
#pragma once

#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace backplane::log_stream {

using FieldSet = std::multiset<std::pair<std::string, std::string>>;

// The entries' fields in no order. Throws where the text is not in the format.
inline std::vector<FieldSet> read_export(const std::string& text) {
  std::vector<FieldSet> entries(1);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t line_end = text.find('\n', at);
    if (line_end == std::string::npos) throw std::runtime_error("a line without an end");
    const std::string line = text.substr(at, line_end - at);
    at = line_end + 1;
    if (line.empty()) {
      entries.emplace_back();
    } else if (const std::size_t equals = line.find('='); equals != std::string::npos) {
      entries.back().emplace(line.substr(0, equals), line.substr(equals + 1));
    } else {
      std::uint64_t bytes = 0;  // the tests' machine has the lowest byte first as well
      if (text.size() - at < sizeof bytes) throw std::runtime_error("a length that is cut");
      std::memcpy(&bytes, text.data() + at, sizeof bytes);
      at += sizeof bytes;
      if (bytes >= text.size() - at || text[at + bytes] != '\n') throw std::runtime_error("a wrong length");
      entries.back().emplace(line, text.substr(at, bytes));
      at += bytes + 1;
    }
  }
  if (!entries.back().empty()) throw std::runtime_error("no empty line at the end");
  entries.pop_back();
  return entries;
}

}  // namespace backplane::log_stream
