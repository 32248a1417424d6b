#include "log-stream/log_source.hpp"

#include <systemd/sd-id128.h>
#include <unistd.h>

#include <utility>

#include "log-stream/journal_reader.hpp"

namespace backplane::log_stream {
namespace {

std::string present_boot_id() {
  sd_id128_t id{};
  char text[SD_ID128_STRING_MAX] = {};
  return sd_id128_get_boot(&id) < 0 ? std::string(32, '0') : std::string(sd_id128_to_string(id, text));
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

}  // namespace

LogSource::LogSource() : boot_id_(present_boot_id()), host_log_(host_name(), boot_id_) {}

std::variant<std::unique_ptr<EntryReader>, Problem> LogSource::open(const JournalPlace& place, const Query& query,
                                                                    Fields fields, const Masks* masks) const {
  if (!has_journal_) return host_log_.open(query, masks);
  auto opened = JournalReader::open(place, query, fields, masks);
  if (auto* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
  return std::get<std::unique_ptr<JournalReader>>(std::move(opened));
}

}  // namespace backplane::log_stream
