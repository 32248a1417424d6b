#include "log-stream/entry_filter.hpp"

#include "log-stream/unit_rules.hpp"

namespace backplane::log_stream {
namespace {

int level_of(const Entry& entry) {
  const std::string_view text = entry.find("PRIORITY");
  return text.size() == 1 && text[0] >= '0' && text[0] <= '7' ? text[0] - '0' : kLevelOfNone;
}

}  // namespace

bool EntryFilter::passes_unread(sd_journal* journal) const {
  return (units_.empty() || entry_is_of_units(journal, units_)) &&
         (writers_.empty() || entry_is_by_units(journal, writers_));
}

bool EntryFilter::passes(const Entry& entry, std::size_t& searched) const {
  if (level_ && level_of(entry) > *level_) return false;
  if (!grep_) return true;
  const std::string_view message = entry.find("MESSAGE");
  searched += message.size();
  if (masks_ == nullptr) return grep_->finds(message);
  std::string visible(message);
  masks_->apply(visible);
  return grep_->finds(visible);
}

}  // namespace backplane::log_stream
