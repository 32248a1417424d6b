#include "log-stream/query/request_parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "log-stream/entry.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/near_name.hpp"
#include "log-stream/query/entry_filter.hpp"
#include "log-stream/query/request_headers.hpp"
#include "log-stream/query/time_text.hpp"
#include "log-stream/settings.hpp"

namespace backplane::log_stream {
namespace {

using Refusal = std::optional<Problem>;

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kBootIdDigits = 32;

struct LevelName {
  std::string_view name;
  int level;
};
constexpr std::array kLevelNames{LevelName{"emerg", 0},   LevelName{"alert", 1}, LevelName{"crit", 2},
                                 LevelName{"err", 3},     LevelName{"error", 3}, LevelName{"warn", 4},
                                 LevelName{"warning", 4}, LevelName{"info", 6},  LevelName{"notice", 5},
                                 LevelName{"debug", 7}};

Problem refusal(std::string text) {
  return {Problem::Cause::kRequest, std::move(text)};
}

// As systemd reads them; a parameter without a value is on.
std::optional<bool> parse_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 7> kYes{"", "1", "yes", "y", "true", "t", "on"};
  constexpr std::array<std::string_view, 6> kNo{"0", "no", "n", "false", "f", "off"};
  const auto same = [&](std::string_view word) { return sdk::equal_ignoring_case(word, text); };
  if (std::any_of(kYes.begin(), kYes.end(), same)) return true;
  if (std::any_of(kNo.begin(), kNo.end(), same)) return false;
  return std::nullopt;
}

// 32 hex digits, or the same with hyphens.
std::optional<std::string> parse_boot_id(std::string_view text) {
  std::string id;
  for (const char c : text.substr(0, kBootIdDigits + 5)) {
    if (c != '-') id += c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  if (id.size() != kBootIdDigits || id.find_first_not_of(kHexDigits) != std::string::npos) return std::nullopt;
  return id;
}

class QueryParser {
 public:
  explicit QueryParser(const QuerySource& source) : source_(source) {}

  std::variant<Query, Problem> parse() {
    if (source_.range) {
      if (Refusal problem = parse_range(*source_.range, query_)) return *std::move(problem);
    }
    for (const sdk::Field field : source_.parameters) {
      if (Refusal problem = parameter(field.name, field.value)) return *std::move(problem);
    }
    if (query_.discrete && query_.cursor.empty()) {
      return refusal("discrete needs a cursor: send the header \"Range: entries=<cursor>\"");
    }
    if (query_.since_us && query_.until_us && *query_.until_us < *query_.since_us) {
      return refusal("until is before since; nothing can be between them");
    }
    return std::move(query_);
  }

 private:
  using Taker = Refusal (QueryParser::*)(std::string_view value);
  struct Parameter {
    std::string_view name;
    Taker take;
    bool repeatable = false;
  };
  static const std::array<Parameter, 8>& parameters();

  Refusal parameter(std::string_view name, std::string_view value) {
    const auto& known = parameters();
    const auto found = std::find_if(known.begin(), known.end(), [&](const Parameter& p) { return p.name == name; });
    if (found != known.end()) {
      if (!found->repeatable && !seen_.insert(found->name).second) {
        return refusal(std::string(name) + " is given more than once; give it once");
      }
      return (this->*found->take)(value);
    }
    const auto& own = source_.own_parameters;
    if (std::find(own.begin(), own.end(), name) != own.end()) return std::nullopt;
    return is_match_field(name) ? take_match(name, value) : unknown(name);
  }

  Refusal unknown(std::string_view name) const {
    std::vector<std::string_view> names(source_.own_parameters);
    for (const Parameter& each : parameters()) names.push_back(each.name);
    const std::string_view near = near_name(name, names);
    std::string text = "parameter " + quoted(name) + " is not known";
    if (!near.empty()) return refusal(text + "; did you mean \"" + std::string(near) + "\"?");
    if (name.starts_with("__"))
      return refusal(text + ": it is no field that can be matched; use Range, since or until");
    return refusal(text + "; fields of the journal are written in capital letters, such as _SYSTEMD_UNIT");
  }

  Refusal take_switch(std::string_view name, std::string_view value, bool& target) {
    const std::optional<bool> on = parse_boolean(value);
    if (!on) return refusal(std::string(name) + " is " + quoted(value) + ", which is neither 1 nor 0");
    target = *on;
    return std::nullopt;
  }
  Refusal take_follow(std::string_view value) { return take_switch("follow", value, query_.follow); }
  Refusal take_discrete(std::string_view value) { return take_switch("discrete", value, query_.discrete); }

  Refusal take_boot(std::string_view value) {
    if (const std::optional<bool> current = parse_boolean(value)) {
      if (*current) query_.boot_id = source_.boot_id;
      return std::nullopt;
    }
    if (std::optional<std::string> id = parse_boot_id(value)) {
      query_.boot_id = *std::move(id);
      return std::nullopt;
    }
    std::int64_t index = 0;
    const char* end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, index);
    if (error != std::errc() || at != end || index >= 0) {
      return refusal("boot is " + quoted(value) + ", which is neither 1, a boot id of 32 hex digits, nor -1, -2, …");
    }
    std::optional<std::string> id = source_.find_boot ? source_.find_boot(index) : std::nullopt;
    if (!id)
      return refusal("boot " + std::string(value) + " is not in the log; /api/v1/logs/boots lists those that are");
    query_.boot_id = *std::move(id);
    return std::nullopt;
  }

  Refusal take_level(std::string_view value) {
    if (value.size() == 1 && value[0] >= '0' && value[0] <= '7') {
      query_.level = value[0] - '0';
      return std::nullopt;
    }
    const auto found = std::find_if(kLevelNames.begin(), kLevelNames.end(), [&](const LevelName& level) {
      return sdk::equal_ignoring_case(level.name, value);
    });
    if (found == kLevelNames.end()) {
      return refusal("level is " + quoted(value) +
                     ", which is neither 0 to 7 nor emerg, alert, crit, err, warning, notice, info or debug");
    }
    query_.level = found->level;
    return std::nullopt;
  }

  Refusal take_unit(std::string_view value) {
    if (query_.units.size() >= kUnitsMax) {
      return refusal("unit is given more than " + std::to_string(kUnitsMax) + " times; use a pattern such as \"a*\"");
    }
    std::optional<std::string> name = unit_name(value);
    if (!name)
      return refusal("unit is " + quoted(value) +
                     ", which cannot be the name of a unit; write one such as ssh.service, or ssh*");
    query_.units.push_back(*std::move(name));
    return std::nullopt;
  }

  Refusal take_time(std::string_view name, std::string_view value, std::optional<std::uint64_t>& bound) {
    if (bound) return refusal(std::string(name) + " is in the Range header as well; give it once");
    bound = parse_time(value, source_.now_us);
    if (!bound)
      return refusal(std::string(name) + " is " + quoted(value) + ", which is not " + std::string(kTimeForms));
    return std::nullopt;
  }
  Refusal take_since(std::string_view value) { return take_time("since", value, query_.since_us); }
  Refusal take_until(std::string_view value) { return take_time("until", value, query_.until_us); }

  Refusal take_grep(std::string_view value) {
    query_.grep = value;
    const std::variant<Grep, Problem> compiled = Grep::compile(query_.grep);
    const Problem* problem = std::get_if<Problem>(&compiled);
    return problem == nullptr ? std::nullopt : Refusal(*problem);
  }

  Refusal take_match(std::string_view name, std::string_view value) {
    if (query_.matches.size() >= kMatchesMax) {
      return refusal(std::string(name) + " is one field too many; give at most " + std::to_string(kMatchesMax));
    }
    if (value.size() > kMatchValueBytesMax) {
      return refusal(std::string(name) + " is longer than " + std::to_string(kMatchValueBytesMax) +
                     " bytes; grep finds a part of it");
    }
    query_.matches.push_back({std::string(name), std::string(value)});
    return std::nullopt;
  }

  const QuerySource& source_;
  Query query_;
  std::set<std::string_view> seen_;
};

const std::array<QueryParser::Parameter, 8>& QueryParser::parameters() {
  static constexpr std::array<Parameter, 8> kParameters{{
      {"follow", &QueryParser::take_follow},
      {"boot", &QueryParser::take_boot},
      {"discrete", &QueryParser::take_discrete},
      {"level", &QueryParser::take_level},
      {"unit", &QueryParser::take_unit, true},
      {"since", &QueryParser::take_since},
      {"until", &QueryParser::take_until},
      {"grep", &QueryParser::take_grep},
  }};
  return kParameters;
}

}  // namespace

std::variant<Query, Problem> parse_query(const QuerySource& source) {
  return QueryParser(source).parse();
}

std::variant<Format, Problem> wanted_format(std::optional<std::string_view> name, std::string_view accept) {
  if (!name) return accepted_format(accept);
  if (const auto format = named_format(*name)) return *format;
  return Problem{Problem::Cause::kRequest, "format: write text, json, events or export"};
}

std::variant<Format, Problem> message_format(std::string_view name) {
  if (name == "json") return Format::kJson;
  if (name == "text") return Format::kShort;
  return Problem{Problem::Cause::kRequest, "format: write json or text"};
}

std::variant<std::optional<std::int64_t>, Problem> parse_lines(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::int64_t lines = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, lines);
  if (error == std::errc() && stop == end && lines >= 0 && lines <= kLinesMax) return lines;
  return Problem{Problem::Cause::kRequest, "lines: write a number from 0 to " + std::to_string(kLinesMax)};
}

bool is_unfiltered(const Query& query) {
  return query.boot_id.empty() && query.matches.empty() && !query.level && query.units.empty() && query.grep.empty() &&
         !query.until_us && !query.count && !query.discrete;
}

}  // namespace backplane::log_stream
