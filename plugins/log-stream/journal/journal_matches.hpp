// Says a query to libsystemd as matches, which use the index of the journal; what they cannot say goes to a filter.
// Values are always passed as bytes with their length, never as a text that something would parse.
#pragma once

#include <systemd/sd-journal.h>

#include <backplane/result.hpp>
#include <optional>

#include "log-stream/masks.hpp"
#include "log-stream/query/entry_filter.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

struct Selection {
  EntryFilter filter;
  bool nothing = false;  // no entry that is there, or comes, can pass
};

// `masks` may be null; else a query that would tell whether a masked value is there is refused.
std::optional<sdk::Failure> select_entries(sd_journal* journal, const Query& query, const Masks* masks,
                                           Selection& selection);

}  // namespace backplane::log_stream
