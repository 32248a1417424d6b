#include "log-stream/journal/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

namespace fs = std::filesystem;

constexpr int kDepthMax = 1;  // files of a machine are in a directory with its id as the name

struct Findings {
  bool directory = false;
  bool denied = false;
  std::size_t files = 0;
  std::size_t looked_at = 0;
};

bool is_journal_name(std::string_view name) {
  return name.ends_with(".journal") || name.ends_with(".journal~");
}

void look(const fs::path& directory, int depth, Findings& found) {
  std::error_code error;
  fs::directory_iterator at(directory, error);
  if (error == std::errc::permission_denied) found.denied = found.directory = true;
  if (error) return;
  found.directory = true;
  for (; at != fs::directory_iterator() && ++found.looked_at < kJournalFilesLookedAtMax; at.increment(error)) {
    if (error) return;
    if (at->is_directory(error)) {
      if (depth < kDepthMax) look(at->path(), depth + 1, found);
      continue;
    }
    if (!is_journal_name(at->path().filename().string())) continue;
    ++found.files;
    if (::faccessat(AT_FDCWD, at->path().c_str(), R_OK, AT_EACCESS) != 0) found.denied = true;
  }
}

std::string joined(const std::vector<std::string>& directories, std::string_view between) {
  std::string text;
  for (const std::string& directory : directories) {
    if (!text.empty()) text += between;
    text += directory;
  }
  return text;
}

void add(const std::string& path, std::vector<Directory>& found) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) found.push_back({status.st_dev, status.st_ino});
}

}  // namespace

const std::vector<std::string>& system_journal_directories() {
  static const std::vector<std::string> directories{"/var/log/journal", "/run/log/journal"};
  return directories;
}

std::string why_nothing_is_readable(const std::vector<std::string>& directories) {
  Findings found;
  for (const std::string& directory : directories) look(directory, 0, found);
  const std::string places = joined(directories, " and ");
  if (!found.directory) {
    return "there is no journal: " + joined(directories, " or ") +
           " does not exist; is systemd-journald running, and is the directory visible to this process?";
  }
  if (found.denied) {
    return "no permission to read the journal in " + places +
           ": the group systemd-journal may; add SupplementaryGroups=systemd-journal to the unit of the daemon, or its "
           "user to that group";
  }
  if (found.files == 0) {
    return "there are no journal files in " + places +
           ": is systemd-journald running, and does its Storage= keep them there?";
  }
  return "none of the journal files in " + places +
         " can be read: they are damaged, or of a newer systemd than libsystemd here; \"journalctl --verify\" says "
         "more";
}

sdk::Failure journal_problem(const std::string& what, int error) {
  return {503, what + ": " + std::strerror(error < 0 ? -error : error)};
}

sdk::Result<Journal> open_journal(const JournalPlace& place) {
  sd_journal* opened = nullptr;
  const bool local = place.directory.empty();
  const int result = local ? sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY)
                           : sd_journal_open_directory(&opened, place.directory.c_str(), 0);
  Journal journal(opened);
  // Opening succeeds without a single file, and passes over files that it may not read: their size tells.
  std::uint64_t bytes = 0;
  if (result < 0 || sd_journal_get_usage(journal.get(), &bytes) < 0 || bytes == 0) {
    if (result == -EMFILE || result == -ENFILE || result == -ENOMEM) {
      return journal_problem("the journal cannot be opened", result);
    }
    return sdk::Failure{503,
                        why_nothing_is_readable(local ? system_journal_directories() : std::vector{place.directory})};
  }
  // The name counts, too: a value that is longer than allowed must still be seen to be.
  sd_journal_set_data_threshold(journal.get(), kFieldBytesMax + kFieldNameBytesMax + 2);
  return journal;
}

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
