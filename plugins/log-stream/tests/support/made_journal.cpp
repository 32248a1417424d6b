#include "support/made_journal.hpp"

#include <cstdio>
#include <stdexcept>

namespace backplane::log_stream {
namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char piece[4096];
  for (std::size_t bytes = 0; (bytes = std::fread(piece, 1, sizeof piece, pipe)) > 0;) text.append(piece, bytes);
  if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + text);
  return text;
}

}  // namespace

MadeJournal::MadeJournal(const std::string& exported) {
  files_.write_exported("made", exported);
}

std::string MadeJournal::read(const std::string& format) const {
  return output_of("journalctl --no-pager -D " + files_.path() + " -o " + format + " 2>/dev/null");
}

}  // namespace backplane::log_stream
