#include "support/journal_files.hpp"

#include <unistd.h>

#include <stdexcept>

#include "support/child_process.hpp"

namespace backplane::support {
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
    out += "__REALTIME_TIMESTAMP=" + std::to_string(entry.begin_us + entry.second * kSecondUs) + "\n";
    out += "__MONOTONIC_TIMESTAMP=" + std::to_string(kSecondUs + entry.second * kSecondUs) + "\n";
    out += "_BOOT_ID=" + entry.boot_id + "\n";
    for (const auto& [name, value] : entry.fields) append_field(out, name, value);
    out += "\n";
  }
  return out;
}

}  // namespace

WrittenEntry said(std::uint64_t second, std::string message) {
  WrittenEntry entry;
  entry.second = second;
  entry.fields = {{"PRIORITY", "6"},
                  {"_HOSTNAME", "miner"},
                  {"SYSLOG_IDENTIFIER", "cgminer"},
                  {"_PID", "231"},
                  {"_SYSTEMD_UNIT", "cgminer.service"},
                  {"MESSAGE", std::move(message)}};
  return entry;
}

std::vector<WrittenEntry> said_in_turn(std::uint64_t first, std::uint64_t count) {
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = first; i < first + count; ++i) entries.push_back(said(i, "message " + std::to_string(i)));
  return entries;
}

void JournalFiles::write(const std::string& name, const std::vector<WrittenEntry>& entries) const {
  write_exported(name, exported(entries));
}

void JournalFiles::write_exported(const std::string& name, const std::string& exported) const {
  if (::access(kJournalRemote, X_OK) != 0) {
    throw std::runtime_error(std::string(kJournalRemote) + " is missing: install systemd-journal-remote");
  }
  const std::string input = exports_.write(name + ".export", exported);
  ChildProcess remote({kJournalRemote, "--output=" + file(name), input});
  if (remote.wait() != 0) throw std::runtime_error("systemd-journal-remote: " + remote.output());
}

}  // namespace backplane::support
