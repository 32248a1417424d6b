// What a validation found: one line a check, for people, or as JSON for a CI system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backplane::validate {

enum class Verdict { kOk, kNote, kSkipped, kFailed };
std::string_view verdict_name(Verdict verdict);

// What a check found. A failure has a reason, and a remedy if there is one.
struct Finding {
  Verdict verdict = Verdict::kOk;
  std::string text = {};
  std::string remedy = {};
};

inline Finding ok(std::string text = {}) {
  return {Verdict::kOk, std::move(text)};
}
inline Finding skipped(std::string text) {
  return {Verdict::kSkipped, std::move(text)};
}
inline Finding failed(std::string text, std::string remedy = {}) {
  return {Verdict::kFailed, std::move(text), std::move(remedy)};
}

// "1 route", "2 routes".
std::string counted(std::size_t count, std::string_view what);

struct Check {
  int level = 1;
  std::string name;
  Finding finding;
};

struct Report {
  std::string file;
  std::string plugin;  // id and version; empty if the manifest could not be read
  int level = 1;       // the highest that was asked for
  std::string seed;    // makes the same random inputs again
  long took_ms = 0;
  std::vector<Check> checks;

  bool passed() const;
  std::size_t count(Verdict verdict) const;
};

// Lines for a terminal or a log, the summary last.
std::string to_text(const Report& report);
std::string to_json(const Report& report);

}  // namespace backplane::validate
