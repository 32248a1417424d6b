#include "log-stream/journal_directories.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "log-stream/journal_absence.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

void add(const std::string& path, std::vector<Directory>& found) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) found.push_back({status.st_dev, status.st_ino});
}

}  // namespace

std::vector<Directory> journal_directories(const JournalPlace& place) {
  std::vector<Directory> found;
  if (!place.directory.empty()) {
    add(place.directory, found);
    return found;
  }
  for (const std::string& directory : system_journal_directories()) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
      if (found.size() >= kJournalDirectoriesMax) return found;
      add(at->path().string(), found);
    }
  }
  return found;
}

}  // namespace backplane::log_stream
