// Where entries come from: the journal, or the daemon's own log until there is one. Plugin's thread only.
#pragma once

#include <backplane/plugin_base.hpp>
#include <backplane/result.hpp>
#include <memory>
#include <string>
#include <vector>

#include "log-stream/entry.hpp"
#include "log-stream/host_log.hpp"
#include "log-stream/journal/journal.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/query/query.hpp"
#include "log-stream/readers.hpp"

namespace backplane::log_stream {

// Where entries come from: the journal, or where there is none the daemon's own log. Plugin's thread only.
class LogSource {
 public:
  LogSource();

  bool has_journal() const { return has_journal_; }
  void use_journal() { has_journal_ = true; }
  void use_host_log() { has_journal_ = false; }
  HostLog& host_log() { return host_log_; }
  // Of now: 32 hex digits.
  const std::string& boot_id() const { return boot_id_; }

  // The masks must outlive the reader; null: nothing is hidden.
  sdk::Result<std::unique_ptr<EntryReader>> open(const JournalPlace& place, const Query& query, Fields fields,
                                                 const Masks* masks) const;

 private:
  bool has_journal_ = true;
  const std::string boot_id_;
  HostLog host_log_;
};

// Chooses what is read: the journal, or where there is none the daemon's own log until one appears. Plugin's thread
// only.
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
