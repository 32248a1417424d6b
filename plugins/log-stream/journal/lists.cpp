#include "log-stream/journal/lists.hpp"

#include <algorithm>
#include <backplane/json.hpp>
#include <cstdio>
#include <ctime>
#include <set>
#include <string_view>
#include <utility>

#include "log-stream/entry.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/text.hpp"

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
sdk::Result<std::vector<Boot>> newest_boots(const JournalPlace& place, std::size_t count) {
  sdk::Result<Journal> opened = open_journal(place);
  if (!opened) return std::move(opened).failure();
  sd_journal* journal = opened->get();
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

// RFC 3339, in UTC.
std::string time_text(std::uint64_t realtime_us) {
  const auto seconds = static_cast<std::time_t>(realtime_us / 1'000'000);
  std::tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return {};
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof text - length, ".%06uZ", static_cast<unsigned>(realtime_us % 1'000'000));
  return text;
}

}  // namespace

sdk::Result<std::vector<Boot>> list_boots(const JournalPlace& place) {
  auto listed = newest_boots(place, kBootsMax);
  if (listed) std::reverse(listed->begin(), listed->end());
  return listed;
}

std::optional<std::string> find_boot(const JournalPlace& place, std::int64_t index) {
  constexpr auto kIndexMin = 1 - static_cast<std::int64_t>(kBootsMax);
  if (index > 0 || index < kIndexMin) return std::nullopt;
  const auto wanted = static_cast<std::size_t>(-index);
  const auto listed = newest_boots(place, wanted + 1);
  if (!listed || listed->size() <= wanted) return std::nullopt;
  return listed->at(wanted).boot_id;
}

sdk::Result<FieldValues> list_field_values(const JournalPlace& place, const std::string& field, const Masks* masks) {
  if (!is_match_field(field)) {
    return sdk::Failure{400, quoted(field) + " is no field of the journal; its fields are named like _SYSTEMD_UNIT"};
  }
  sdk::Result<Journal> opened = open_journal(place);
  if (!opened) return std::move(opened).failure();
  sd_journal* journal = opened->get();
  const int result = sd_journal_query_unique(journal, field.c_str());
  if (result < 0) return journal_problem("the values of " + field + " cannot be listed", result);
  return collect(journal, field, masks);
}

sdk::Result<std::string> boots_json(const sdk::Result<std::vector<Boot>>& boots) {
  if (!boots) return boots.failure();
  sdk::JsonWriter json;
  json.begin_object().key("boots").begin_array();
  for (const Boot& boot : *boots) {
    json.begin_object().key("index").integer(boot.index).key("boot_id").string(boot.boot_id);
    json.key("first").string(time_text(boot.first_us)).key("last").string(time_text(boot.last_us)).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

sdk::Result<std::string> field_values_json(const std::string& field, const sdk::Result<FieldValues>& values) {
  if (!values) return values.failure();
  const FieldValues& found = *values;
  sdk::JsonWriter json;
  json.begin_object().key("field").string(field).key("values").begin_array();
  for (const std::string& value : found.values) json.string(value);
  json.end_array().key("more").boolean(found.more).end_object();
  return json.take();
}

}  // namespace backplane::log_stream
