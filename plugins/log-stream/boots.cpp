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

// Newest first.
std::variant<std::vector<Boot>, Problem> newest_boots(const JournalPlace& place, std::size_t count) {
  std::variant<Journal, Problem> opened = open_journal(place);
  if (Problem* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
  sd_journal* journal = std::get<Journal>(opened).get();
  std::vector<Boot> boots;
  const int result = sd_journal_seek_tail(journal);
  if (result < 0) return journal_problem("the journal cannot be searched", result);
  while (boots.size() < count) {
    std::optional<Boot> boot = boot_before(journal);
    // Files of several machines can interleave so that the walk would come round again.
    const auto same = [&](const Boot& other) { return other.boot_id == boot->boot_id; };
    if (!boot || std::any_of(boots.begin(), boots.end(), same)) break;
    boot->index = -static_cast<std::int64_t>(boots.size());
    boots.push_back(*std::move(boot));
  }
  return boots;
}

}  // namespace

std::variant<std::vector<Boot>, Problem> list_boots(const JournalPlace& place) {
  auto listed = newest_boots(place, kBootsMax);
  if (auto* boots = std::get_if<std::vector<Boot>>(&listed)) std::reverse(boots->begin(), boots->end());
  return listed;
}

std::optional<std::string> find_boot(const JournalPlace& place, std::int64_t index) {
  constexpr auto kIndexMin = 1 - static_cast<std::int64_t>(kBootsMax);
  if (index > 0 || index < kIndexMin) return std::nullopt;
  const auto wanted = static_cast<std::size_t>(-index);
  const auto listed = newest_boots(place, wanted + 1);
  const auto* boots = std::get_if<std::vector<Boot>>(&listed);
  if (boots == nullptr || boots->size() <= wanted) return std::nullopt;
  return boots->at(wanted).boot_id;
}

}  // namespace backplane::log_stream
