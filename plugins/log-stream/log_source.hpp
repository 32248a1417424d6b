// Where entries come from: the journal, or where there is none the daemon's own log. Plugin's thread only.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "log-stream/entry_reader.hpp"
#include "log-stream/host_log.hpp"
#include "log-stream/journal.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/problem.hpp"
#include "log-stream/query.hpp"

namespace backplane::log_stream {

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
  std::variant<std::unique_ptr<EntryReader>, Problem> open(const JournalPlace& place, const Query& query, Fields fields,
                                                           const Masks* masks) const;

 private:
  bool has_journal_ = true;
  const std::string boot_id_;
  HostLog host_log_;
};

}  // namespace backplane::log_stream
