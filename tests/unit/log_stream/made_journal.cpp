#include "made_journal.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace backplane::log_stream {
namespace {

constexpr const char* kJournalRemote = "/lib/systemd/systemd-journal-remote";

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

bool MadeJournal::is_possible() {
  return ::access(kJournalRemote, X_OK) == 0 && ::access("/bin/journalctl", X_OK) == 0;
}

MadeJournal::MadeJournal(const std::string& exported) {
  std::string pattern = (std::filesystem::temp_directory_path() / "made-journal-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  folder_ = pattern;
  std::ofstream(folder_ + "/entries.export", std::ios::binary) << exported;
  output_of(std::string(kJournalRemote) + " -o " + folder_ + "/made.journal " + folder_ + "/entries.export 2>&1");
}

MadeJournal::~MadeJournal() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string MadeJournal::read(const std::string& format) const {
  return output_of("journalctl --no-pager -D " + folder_ + " -o " + format + " 2>/dev/null");
}

}  // namespace backplane::log_stream
