#include "log-stream/boots.hpp"

#include <algorithm>
#include <utility>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

// The boot of the entry before the place at which the journal stands, with its first entry as the new place. In the
// order of the journal, not by time: many devices start every boot in 1970.
std::optional<Boot> boot_before(sd_journal* journal) {
  Boot boot;
  sd_id128_t id{};
  std::uint64_t monotonic = 0;
  sd_journal_flush_matches(journal);
  if (sd_journal_previous(journal) <= 0 || sd_journal_get_realtime_usec(journal, &boot.last_us) < 0 ||
      sd_journal_get_monotonic_usec(journal, &monotonic, &id) < 0) {
    return std::nullopt;
  }
  char text[SD_ID128_STRING_MAX];
  boot.boot_id = sd_id128_to_string(id, text);
  const std::string match = "_BOOT_ID=" + boot.boot_id;
  if (sd_journal_add_match(journal, match.data(), match.size()) < 0 || sd_journal_seek_head(journal) < 0 ||
      sd_journal_next(journal) <= 0 || sd_journal_get_realtime_usec(journal, &boot.first_us) < 0) {
    return std::nullopt;
  }
  return boot;
}

}  // namespace

std::variant<std::vector<Boot>, Problem> list_boots(const JournalPlace& place) {
  std::variant<Journal, Problem> opened = open_journal(place);
  if (Problem* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
  sd_journal* journal = std::get<Journal>(opened).get();
  std::vector<Boot> boots;
  const int result = sd_journal_seek_tail(journal);
  if (result < 0) return journal_problem("the journal cannot be searched", result);
  while (boots.size() < kBootsMax) {
    std::optional<Boot> boot = boot_before(journal);
    // Files of several machines can interleave so that the walk would come round again.
    const auto same = [&](const Boot& other) { return other.boot_id == boot->boot_id; };
    if (!boot || std::any_of(boots.begin(), boots.end(), same)) break;
    boot->index = -static_cast<std::int64_t>(boots.size());
    boots.push_back(*std::move(boot));
  }
  std::reverse(boots.begin(), boots.end());
  return boots;
}

std::optional<std::string> boot_of_index(const std::vector<Boot>& boots, std::int64_t index) {
  const auto found = std::find_if(boots.begin(), boots.end(), [&](const Boot& boot) { return boot.index == index; });
  if (found == boots.end()) return std::nullopt;
  return found->boot_id;
}

}  // namespace backplane::log_stream
