#include "log-stream/journal/journal_matches.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "log-stream/entry.hpp"
#include "log-stream/query/unit_rules.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

constexpr int kLevelMax = 7;

int add_match(sd_journal* journal, const std::string& name, const std::string& value) {
  const std::string match = name + "=" + value;
  return sd_journal_add_match(journal, match.data(), match.size());
}

// A whole field is matched, so what would be hidden of it alone is what would be hidden in an entry.
bool is_hidden(const FieldMatch& match, const Masks& masks) {
  Entry entry;
  entry.add(match.name, match.value);
  return masks.apply(entry);
}

std::optional<sdk::Failure> add_field_matches(sd_journal* journal, const Query& query, const Masks* masks) {
  for (const FieldMatch& match : query.matches) {
    if (masks != nullptr && is_hidden(match, *masks)) {
      return sdk::Failure{
          400, "the value for " + quoted(match.name) +
                   " looks like a credential, which your role may not search for; leave it out of the request"};
    }
    if (!is_match_field(match.name) || add_match(journal, match.name, match.value) < 0) {
      return sdk::Failure{400,
                          quoted(match.name) + " is no field of the journal; its fields are named like _SYSTEMD_UNIT"};
    }
  }
  sd_journal_add_conjunction(journal);
  return std::nullopt;
}

// Entries without a PRIORITY count as kLevelOfNone, and a match cannot ask for what is not there.
void add_level(sd_journal* journal, int level, EntryFilter& filter) {
  if (level >= kLevelMax) return;
  if (level >= kLevelOfNone) return filter.require_level(level);
  for (int each = 0; each <= level; ++each) add_match(journal, "PRIORITY", std::to_string(each));
  sd_journal_add_conjunction(journal);
}

// Patterns are expanded to the units that are there, so that the index finds them. A follower looks at each entry
// instead, as units that write for the first time later must pass, too.
void add_units(sd_journal* journal, const Query& query, Selection& selection) {
  if (query.units.empty()) return;
  if (query.written_by_units) {
    if (query.follow || !add_writer_matches(journal, query.units)) selection.filter.require_writers(query.units);
    return;
  }
  const bool exact = std::none_of(query.units.begin(), query.units.end(), is_unit_pattern);
  std::optional<std::vector<std::string>> names = query.units;
  if (!exact) names = query.follow ? std::nullopt : expand_units(journal, query.units);
  if (!names) return selection.filter.require_units(query.units);
  selection.nothing = names->empty();
  add_unit_matches(journal, *names);
}

}  // namespace

std::optional<sdk::Failure> select_entries(sd_journal* journal, const Query& query, const Masks* masks,
                                           Selection& selection) {
  if (!query.grep.empty()) {
    sdk::Result<Grep> grep = Grep::compile(query.grep);
    if (!grep) return std::move(grep).failure();
    selection.filter.require_text(*std::move(grep), masks);
  }
  if (std::optional<sdk::Failure> problem = add_field_matches(journal, query, masks)) return problem;
  if (!query.boot_id.empty()) {
    add_match(journal, "_BOOT_ID", query.boot_id);
    sd_journal_add_conjunction(journal);
  }
  if (query.level) add_level(journal, *query.level, selection.filter);
  add_units(journal, query, selection);
  return std::nullopt;
}

}  // namespace backplane::log_stream
