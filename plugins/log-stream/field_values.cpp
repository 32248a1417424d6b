#include "log-stream/field_values.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/match_field.hpp"

namespace backplane::log_stream {
namespace {

bool enough(const std::set<std::string>& values, std::size_t bytes) {
  return values.size() >= kFieldValuesMax || bytes >= kFieldValuesBytesMax;
}

FieldValues collect(sd_journal* journal, const std::string& field, const Masks* masks) {
  Entry entry;
  std::set<std::string> values;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  bool more = false;
  const void* data = nullptr;
  std::size_t size = 0;
  sd_journal_restart_unique(journal);
  while (sd_journal_enumerate_available_unique(journal, &data, &size) > 0) {
    more = enough(values, bytes) || ++looked_at > kFieldValuesLookedAtMax;
    if (more) break;
    std::string_view value(static_cast<const char*>(data), size);
    value.remove_prefix(std::min(value.size(), field.size() + 1));
    entry.clear();
    entry.add(field, value.substr(0, kFieldBytesMax));
    if (masks != nullptr) masks->apply(entry);
    const auto [at, added] = values.emplace(entry.field(0).value);
    if (added) bytes += at->size();
  }
  return {{values.begin(), values.end()}, more};
}

}  // namespace

std::variant<FieldValues, Problem> list_field_values(const JournalPlace& place, const std::string& field,
                                                     const Masks* masks) {
  if (!is_match_field(field)) {
    return Problem{Problem::Cause::kRequest,
                   quoted(field) + " is no field of the journal; its fields are named like _SYSTEMD_UNIT"};
  }
  std::variant<Journal, Problem> opened = open_journal(place);
  if (Problem* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
  sd_journal* journal = std::get<Journal>(opened).get();
  const int result = sd_journal_query_unique(journal, field.c_str());
  if (result < 0) return journal_problem("the values of " + field + " cannot be listed", result);
  return collect(journal, field, masks);
}

}  // namespace backplane::log_stream
