// Which entries belong to a unit: what it wrote, what systemd says about it, and what others say on its behalf, as
// journalctl --unit takes them.
#pragma once

#include <systemd/sd-journal.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::log_stream {

bool is_unit_pattern(std::string_view unit);
// Whether one of these, names or patterns, means the unit of that name.
bool is_one_of_units(std::string_view name, const std::vector<std::string>& units);

// Adds matches for all these units, any of which may hold; then a conjunction. Below 0: libsystemd's error.
int add_unit_matches(sd_journal* journal, const std::vector<std::string>& units);

// Matches of what these units wrote, patterns by the units that have written so far; then a conjunction. False where
// those are too many to list: nothing is added.
bool add_writer_matches(sd_journal* journal, const std::vector<std::string>& units);

// The units of the journal that the names and patterns mean; nothing where they are too many to list. Changes the place
// in the journal of no reader, but must be called before its first step.
std::optional<std::vector<std::string>> expand_units(sd_journal* journal, const std::vector<std::string>& units);

// Whether the entry at which the journal stands belongs to one of them; whether one of them wrote it.
bool entry_is_of_units(sd_journal* journal, const std::vector<std::string>& units);
bool entry_is_by_units(sd_journal* journal, const std::vector<std::string>& units);

}  // namespace backplane::log_stream
