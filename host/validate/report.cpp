#include "validate/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/json.hpp>

namespace backplane::validate {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kNote:
      return "note";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kFailed:
      return "FAILED";
  }
  return "?";
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::size_t Report::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      checks.begin(), checks.end(), [verdict](const Check& check) { return check.finding.verdict == verdict; }));
}

bool Report::passed() const {
  return count(Verdict::kFailed) == 0;
}

std::string to_text(const Report& report) {
  std::string text = fmt::format("{}{}{}, level {}, seed {}\n", report.plugin, report.plugin.empty() ? "" : ": ",
                                 report.file, report.level, report.seed);
  std::size_t width = 0;
  for (const Check& check : report.checks) width = std::max(width, check.name.size());
  for (const Check& check : report.checks) {
    const Finding& finding = check.finding;
    std::string line = fmt::format("{:<8} {}  {:<{}}  {}", verdict_name(finding.verdict), check.level, check.name,
                                   width, finding.text);
    if (!finding.remedy.empty()) line += "; " + finding.remedy;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  text +=
      fmt::format("{}: {} ok, {} failed, {} skipped, {} noted, in {:.1f} s\n", report.passed() ? "passed" : "FAILED",
                  report.count(Verdict::kOk), report.count(Verdict::kFailed), report.count(Verdict::kSkipped),
                  report.count(Verdict::kNote), static_cast<double>(report.took_ms) / 1000);
  return text;
}

std::string to_json(const Report& report) {
  sdk::JsonWriter json;
  json.begin_object().key("file").string(report.file).key("plugin").string(report.plugin);
  json.key("level").integer(report.level).key("seed").string(report.seed);
  json.key("passed").boolean(report.passed()).key("took_ms").integer(report.took_ms);
  json.key("checks").begin_array();
  for (const Check& check : report.checks) {
    json.begin_object().key("level").integer(check.level).key("name").string(check.name);
    json.key("verdict").string(verdict_name(check.finding.verdict)).key("text").string(check.finding.text);
    json.key("remedy").string(check.finding.remedy).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace backplane::validate
