#include "log-stream/query/unit_rules.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <span>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

// An entry is of the unit that `field` names, where the conditions hold: anybody can send a field without a leading
// underscore, so those count from root, or from systemd itself, alone.
struct Rule {
  const char* field;
  std::array<std::string_view, 2> conditions;
};

constexpr std::string_view kCoreDump = "MESSAGE_ID=fc2e22bc6ee647b6b90729ab34a250b1";
constexpr const char* kWriter = "_SYSTEMD_UNIT";
constexpr std::array kRules{
    Rule{kWriter, {}},
    Rule{"UNIT", {"_PID=1"}},
    Rule{"OBJECT_SYSTEMD_UNIT", {"_UID=0"}},
    Rule{"COREDUMP_UNIT", {"_UID=0", kCoreDump}},
    Rule{"_SYSTEMD_SLICE", {}},
};

int add_match(sd_journal* journal, std::string_view match) {
  return sd_journal_add_match(journal, match.data(), match.size());
}

// The value of a field of the current entry.
std::optional<std::string_view> value_of(sd_journal* journal, const char* field) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (sd_journal_get_data(journal, field, &data, &size) < 0) return std::nullopt;
  const std::string_view whole(static_cast<const char*>(data), size);
  const std::size_t equals = whole.find('=');
  return equals == std::string_view::npos ? whole : whole.substr(equals + 1);
}

bool holds(sd_journal* journal, std::string_view condition) {
  if (condition.empty()) return true;
  const std::size_t equals = condition.find('=');
  return value_of(journal, std::string(condition.substr(0, equals)).c_str()) == condition.substr(equals + 1);
}

// False where there are too many.
bool collect(sd_journal* journal, const char* field, const std::vector<std::string>& units,
             std::set<std::string>& found) {
  if (sd_journal_query_unique(journal, field) < 0) return true;
  const void* data = nullptr;
  std::size_t size = 0;
  std::size_t looked_at = 0;
  sd_journal_restart_unique(journal);
  while (sd_journal_enumerate_available_unique(journal, &data, &size) > 0) {
    if (++looked_at > kUniqueUnitsLookedAtMax) return false;
    std::string_view name(static_cast<const char*>(data), size);
    name.remove_prefix(std::min(name.size(), name.find('=') + 1));
    if (is_one_of_units(name, units)) found.emplace(name);
    if (found.size() > kExpandedUnitsMax) return false;
  }
  return true;
}

}  // namespace

bool is_unit_pattern(std::string_view unit) {
  return unit.find_first_of("*?[") != std::string_view::npos;
}

bool is_one_of_units(std::string_view name, const std::vector<std::string>& units) {
  if (name.size() > kUnitNameBytesMax || name.find('\0') != std::string_view::npos) return false;
  const std::string text(name);
  return std::any_of(units.begin(), units.end(), [&](const std::string& unit) {
    return is_unit_pattern(unit) && unit.find('\0') == std::string::npos
               ? fnmatch(unit.c_str(), text.c_str(), FNM_NOESCAPE) == 0
               : unit == text;
  });
}

int add_unit_matches(sd_journal* journal, const std::vector<std::string>& units) {
  int result = 0;
  for (const std::string& unit : units) {
    for (const Rule& rule : kRules) {
      result = std::min(result, add_match(journal, std::string(rule.field) + "=" + unit));
      for (const std::string_view condition : rule.conditions) {
        if (!condition.empty()) result = std::min(result, add_match(journal, condition));
      }
      result = std::min(result, sd_journal_add_disjunction(journal));
    }
  }
  return std::min(result, sd_journal_add_conjunction(journal));
}

bool add_writer_matches(sd_journal* journal, const std::vector<std::string>& units) {
  std::set<std::string> names(units.begin(), units.end());  // a pattern as a name matches nothing, and so does no harm
  if (!collect(journal, kWriter, units, names)) return false;
  for (const std::string& name : names) add_match(journal, std::string(kWriter) + "=" + name);
  sd_journal_add_conjunction(journal);
  return true;
}

std::optional<std::vector<std::string>> expand_units(sd_journal* journal, const std::vector<std::string>& units) {
  std::set<std::string> found;
  for (const Rule& rule : kRules) {
    if (!collect(journal, rule.field, units, found)) return std::nullopt;
  }
  return std::vector<std::string>(found.begin(), found.end());
}

bool entry_is_by_units(sd_journal* journal, const std::vector<std::string>& units) {
  const std::optional<std::string_view> value = value_of(journal, kWriter);
  return value && is_one_of_units(*value, units);
}

bool entry_is_of_units(sd_journal* journal, const std::vector<std::string>& units) {
  return std::any_of(kRules.begin(), kRules.end(), [&](const Rule& rule) {
    const std::optional<std::string_view> value = value_of(journal, rule.field);
    if (!value || !is_one_of_units(*value, units)) return false;
    return std::all_of(rule.conditions.begin(), rule.conditions.end(),
                       [&](std::string_view condition) { return holds(journal, condition); });
  });
}

}  // namespace backplane::log_stream
