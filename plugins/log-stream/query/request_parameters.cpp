#include "log-stream/query/request_parameters.hpp"

#include <algorithm>
#include <array>
#include <backplane/query.hpp>
#include <charconv>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "log-stream/entry.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/query/entry_filter.hpp"
#include "log-stream/query/request_headers.hpp"
#include "log-stream/query/time_text.hpp"
#include "log-stream/settings.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

using Refusal = std::optional<sdk::Failure>;

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kBootIdDigits = 32;

constexpr sdk::Choice<int> kLevels[] = {{"0", 0},      {"1", 1},    {"2", 2},     {"3", 3},     {"4", 4},
                                        {"5", 5},      {"6", 6},    {"7", 7},     {"emerg", 0}, {"alert", 1},
                                        {"crit", 2},   {"err", 3},  {"error", 3}, {"warn", 4},  {"warning", 4},
                                        {"notice", 5}, {"info", 6}, {"debug", 7}};

sdk::Failure refusal(std::string text) {
  return {400, std::move(text)};
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

  sdk::Result<Query> parse() {
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
    std::string text = "parameter " + quoted(name) + " is not known";
    if (const std::string meant = sdk::did_you_mean(name, names); !meant.empty()) return refusal(text + meant);
    if (name.starts_with("__"))
      return refusal(text + ": it is no field that can be matched; use Range, since or until");
    return refusal(text + "; fields of the journal are written in capital letters, such as _SYSTEMD_UNIT");
  }

  Refusal take_switch(std::string_view name, std::string_view value, bool& target) {
    const std::optional<bool> on = sdk::parse_bool(value);
    if (!on) return refusal(std::string(name) + " is " + quoted(value) + ", which is neither 1 nor 0");
    target = *on;
    return std::nullopt;
  }
  Refusal take_follow(std::string_view value) { return take_switch("follow", value, query_.follow); }
  Refusal take_discrete(std::string_view value) { return take_switch("discrete", value, query_.discrete); }

  Refusal take_boot(std::string_view value) {
    if (const std::optional<bool> current = sdk::parse_bool(value)) {
      if (*current) query_.boot_id = source_.boot_id;
      return std::nullopt;
    }
    if (std::optional<std::string> id = parse_boot_id(value)) {
      query_.boot_id = *std::move(id);
      return std::nullopt;
    }
    const std::optional<std::int64_t> index = sdk::parse_int(value);
    if (!index || *index >= 0) {
      return refusal("boot is " + quoted(value) + ", which is neither 1, a boot id of 32 hex digits, nor -1, -2, …");
    }
    std::optional<std::string> id = source_.find_boot ? source_.find_boot(*index) : std::nullopt;
    if (!id)
      return refusal("boot " + std::string(value) + " is not in the log; /api/v1/logs/boots lists those that are");
    query_.boot_id = *std::move(id);
    return std::nullopt;
  }

  Refusal take_level(std::string_view value) {
    query_.level = sdk::parse_choice(value, kLevels);
    if (!query_.level) {
      return refusal("level is " + quoted(value) +
                     ", which is neither 0 to 7 nor emerg, alert, crit, err, warning, notice, info or debug");
    }
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
    const sdk::Result<Grep> compiled = Grep::compile(query_.grep);
    return compiled ? Refusal() : Refusal(compiled.failure());
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

sdk::Result<Query> parse_query(const QuerySource& source) {
  return QueryParser(source).parse();
}

sdk::Result<Format> wanted_format(std::optional<std::string_view> name, std::string_view accept) {
  if (!name) return accepted_format(accept);
  if (const auto format = named_format(*name)) return *format;
  return sdk::Failure{400, "format: write text, json, events or export"};
}

sdk::Result<Format> message_format(std::string_view name) {
  if (name == "json") return Format::kJson;
  if (name == "text") return Format::kShort;
  return sdk::Failure{400, "format: write json or text"};
}

sdk::Result<std::optional<std::int64_t>> parse_lines(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  if (const std::optional<std::int64_t> lines = sdk::parse_int(*text, 0, kLinesMax)) return lines;
  return sdk::Failure{400, "lines: write a number from 0 to " + std::to_string(kLinesMax)};
}

bool is_unfiltered(const Query& query) {
  return query.boot_id.empty() && query.matches.empty() && !query.level && query.units.empty() && query.grep.empty() &&
         !query.until_us && !query.count && !query.discrete;
}

}  // namespace backplane::log_stream
