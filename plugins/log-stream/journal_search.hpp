// Chooses what is read: the journal, or where there is none the daemon's own log until one appears. Plugin's thread
// only.
#pragma once

#include <backplane/plugin_base.hpp>
#include <string>
#include <vector>

#include "log-stream/journal.hpp"
#include "log-stream/journal_directories.hpp"
#include "log-stream/log_source.hpp"
#include "log-stream/readers.hpp"

namespace backplane::log_stream {

class JournalSearch {
 public:
  JournalSearch(sdk::Host& host, sdk::Loop& loop, LogSource& source, Readers& readers)
      : host_(host), loop_(loop), source_(source), readers_(readers) {}

  // Looks for the journal, and again from time to time: whether there is one by now, and whether it is the same.
  void start(JournalPlace place);
  void stop();
  // An item of the daemon's own log.
  void on_item(std::string_view item);
  // Why there is no journal; empty: there is one.
  const std::string& absence() const { return absence_; }

 private:
  void look();
  void use_journal();
  void use_host_log(const std::string& absence);

  static constexpr bp_cookie kTimer = 2;
  static constexpr bp_cookie kHostLog = 1;

  sdk::Host& host_;
  sdk::Loop& loop_;
  LogSource& source_;
  Readers& readers_;
  JournalPlace place_;
  std::vector<Directory> directories_;  // where the journal was when it was looked for last
  std::string absence_;
  bool looked_ = false;
};

}  // namespace backplane::log_stream
