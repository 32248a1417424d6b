#include "log-stream/feeds.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kLostText = "-- {count} lines are missing here: they came faster than you took them --";
constexpr std::string_view kLostLine = "-- {count} lines are missing here: they came faster than you took them --\n";
constexpr std::string_view kLostKvmdLine =
    "-- {count} lines are missing here: they came faster than you took them --\r\n";
// The members of an entry, so that whoever shows MESSAGE shows it.
constexpr std::string_view kLostJson =
    R"({"BACKPLANE_LOST":"{count}","PRIORITY":"4","SYSLOG_IDENTIFIER":"backplaned","MESSAGE":"entries are missing here: they came faster than you took them"})";
constexpr std::string_view kLostJsonLine =
    R"({"BACKPLANE_LOST":"{count}","PRIORITY":"4","SYSLOG_IDENTIFIER":"backplaned","MESSAGE":"entries are missing here: they came faster than you took them"})"
    "\n";
constexpr std::string_view kLostEvent =
    R"(data: {"BACKPLANE_LOST":"{count}","PRIORITY":"4","SYSLOG_IDENTIFIER":"backplaned","MESSAGE":"entries are missing here: they came faster than you took them"})"
    "\n\n";

}  // namespace

std::uint32_t feed_of(Format format, bool masked) {
  const std::uint32_t mask = masked ? 1 : 0;
  switch (format) {
    case Format::kShort:
      return 0 + mask;
    case Format::kKvmd:
      return 2 + mask;
    case Format::kJson:
    case Format::kEvents:
      return 4 + mask;
    case Format::kExport:
      return 6 + mask;
  }
  return 0;
}

bool is_masked(std::uint32_t feed) {
  return feed % 2 != 0;
}

Format format_of(std::uint32_t feed) {
  constexpr Format kFormats[] = {Format::kShort, Format::kKvmd, Format::kJson, Format::kExport};
  return kFormats[feed / 2];
}

sdk::Framing framing_of(Format format, bool messages) {
  switch (format) {
    case Format::kShort:
      if (messages) return {sdk::DataKind::kText, {}, {}, kLostText};
      return {sdk::DataKind::kBytes, {}, "\n", kLostLine};
    case Format::kKvmd:
      return {sdk::DataKind::kBytes, {}, {}, kLostKvmdLine};
    case Format::kJson:
      if (messages) return {sdk::DataKind::kText, {}, {}, kLostJson};
      return {sdk::DataKind::kBytes, {}, "\n", kLostJsonLine};
    case Format::kEvents:
      return {sdk::DataKind::kBytes, "data: ", "\n\n", kLostEvent};
    case Format::kExport:
      break;  // an entry without a time would end the import of the others; the cursors tell of the gap
  }
  return {sdk::DataKind::kBytes, {}, {}, {}};
}

void append_item(Formatter& formatter, Format format, const Entry& entry, std::string& out) {
  formatter.append(entry, out);
  if ((format == Format::kJson || format == Format::kShort) && out.ends_with('\n')) out.pop_back();
}

}  // namespace backplane::log_stream
