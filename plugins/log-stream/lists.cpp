#include "log-stream/lists.hpp"

#include <backplane/json.hpp>
#include <cstdio>
#include <ctime>

namespace backplane::log_stream {
namespace {

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

std::variant<std::string, Problem> boots_json(const std::variant<std::vector<Boot>, Problem>& boots) {
  if (const auto* problem = std::get_if<Problem>(&boots)) return *problem;
  sdk::JsonWriter json;
  json.begin_object().key("boots").begin_array();
  for (const Boot& boot : std::get<std::vector<Boot>>(boots)) {
    json.begin_object().key("index").integer(boot.index).key("boot_id").string(boot.boot_id);
    json.key("first").string(time_text(boot.first_us)).key("last").string(time_text(boot.last_us)).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::variant<std::string, Problem> field_values_json(const std::string& field,
                                                     const std::variant<FieldValues, Problem>& values) {
  if (const auto* problem = std::get_if<Problem>(&values)) return *problem;
  const FieldValues& found = std::get<FieldValues>(values);
  sdk::JsonWriter json;
  json.begin_object().key("field").string(field).key("values").begin_array();
  for (const std::string& value : found.values) json.string(value);
  json.end_array().key("more").boolean(found.more).end_object();
  return json.take();
}

}  // namespace backplane::log_stream
