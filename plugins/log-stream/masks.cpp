#include "log-stream/masks.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kCursorHash = ";x=";
constexpr std::string_view kHidden = "***";

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

RE2::Options options(std::int64_t memory) {
  RE2::Options result(RE2::Quiet);
  // In UTF-8 mode nothing matches a byte that is not UTF-8, and a secret with one would stand there half.
  result.set_encoding(RE2::Options::EncodingLatin1);
  result.set_max_mem(memory);
  return result;
}

[[noreturn]] void refuse(std::size_t number, const std::string& what) {
  throw std::invalid_argument("mask rule " + std::to_string(number) + " " + what);
}

std::unique_ptr<const RE2> compile(const std::string& rule, std::size_t number) {
  if (rule.size() > kMaskRuleBytesMax) {
    refuse(number, "has " + std::to_string(rule.size()) + " bytes; cut it into rules of at most " +
                       std::to_string(kMaskRuleBytesMax));
  }
  auto compiled = std::make_unique<const RE2>(piece(rule), options(kMaskRuleMemoryMax));
  if (!compiled->ok()) refuse(number, "is no RE2 expression: " + compiled->error());
  if (const int groups = compiled->NumberOfCapturingGroups(); groups != 1) {
    refuse(number, "has " + std::to_string(groups) +
                       " capture groups; put ( ) around what it hides, and (?: ) around everything else");
  }
  return compiled;
}

}  // namespace

class Masks::Rules {
 public:
  explicit Rules(const std::vector<std::string>& rules) : all_(options(kMaskRulesMemoryMax), RE2::UNANCHORED) {
    if (rules.size() > kMaskRulesMax) {
      throw std::invalid_argument("there are " + std::to_string(rules.size()) + " mask rules; use at most " +
                                  std::to_string(kMaskRulesMax));
    }
    for (const std::string& rule : rules) {
      each_.push_back(compile(rule, each_.size() + 1));
      all_.Add(piece(rule), nullptr);  // it has just been found right
    }
    if (!all_.Compile())
      throw std::invalid_argument("the mask rules are too large together; use fewer or shorter ones");
  }

  // The numbers of the rules, from 0, that may match; one walk over the text for all of them.
  void find(std::string_view text, std::vector<int>& found) const {
    found.clear();
    RE2::Set::ErrorInfo problem{};
    if (each_.empty() || all_.Match(piece(text), &found, &problem) || problem.kind == RE2::Set::kNoError) {
      std::sort(found.begin(), found.end());
      return;
    }
    // Out of memory: every rule has its own way to go on with little of it, so ask each.
    for (std::size_t i = 0; i < each_.size(); ++i) found.push_back(static_cast<int>(i));
  }

  const RE2& rule(int number) const { return *each_[static_cast<std::size_t>(number)]; }

 private:
  std::vector<std::unique_ptr<const RE2>> each_;
  RE2::Set all_;
};

namespace {

// The next thing in `text` that the rule hides, from `from` on, which is moved behind the match. Empty: no more.
std::string_view next_secret(const RE2& rule, std::string_view text, std::size_t& from) {
  std::array<re2::StringPiece, 2> match;
  while (from <= text.size() &&
         rule.Match(piece(text), from, text.size(), RE2::UNANCHORED, match.data(), static_cast<int>(match.size()))) {
    const auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
    from = match[0].empty() ? end + 1 : end;
    if (!match[1].empty()) return {match[1].data(), match[1].size()};
  }
  return {};
}

// True where something was replaced; `result` then holds the new text.
bool replace(const RE2& rule, std::string_view text, std::string& result) {
  result.clear();
  std::size_t from = 0;
  std::size_t copied = 0;
  for (auto secret = next_secret(rule, text, from); !secret.empty(); secret = next_secret(rule, text, from)) {
    const auto begin = static_cast<std::size_t>(secret.data() - text.data());
    result += text.substr(copied, begin - copied);
    result += kHidden;
    copied = begin + secret.size();
  }
  if (copied == 0) return false;
  result += text.substr(copied);
  return true;
}

// Whether whoever wrote the entry chose the name, which may then say what the value is.
bool is_named_by_sender(std::string_view name) {
  return name != "MESSAGE" && !name.starts_with('_') && !name.starts_with("SYSLOG_");
}

}  // namespace

Masks::Masks(const std::vector<std::string>& rules) : rules_(std::make_unique<const Rules>(rules)) {}
Masks::~Masks() = default;

std::string Masks::without_hash(std::string_view cursor) {
  std::string kept;
  while (!cursor.empty()) {
    const std::size_t end = std::min(cursor.find(';'), cursor.size());
    const std::string_view item = cursor.substr(0, end);
    cursor.remove_prefix(std::min(end + 1, cursor.size()));
    if (!item.starts_with(kCursorHash.substr(1))) kept.append(kept.empty() ? "" : ";").append(item);
  }
  return kept;
}

bool Masks::covers(std::string_view field_name) {
  constexpr std::string_view kHarmless[] = {"CODE_FILE",
                                            "CODE_FUNC",
                                            "CODE_LINE",
                                            "CPU_USAGE_NSEC",
                                            "ERRNO",
                                            "EXIT_CODE",
                                            "EXIT_STATUS",
                                            "INVOCATION_ID",
                                            "JOB_ID",
                                            "JOB_RESULT",
                                            "JOB_TYPE",
                                            "MESSAGE_ID",
                                            "PRIORITY",
                                            "SYSLOG_FACILITY",
                                            "SYSLOG_PID",
                                            "SYSLOG_TIMESTAMP",
                                            "TID",
                                            "TIMESTAMP_BOOTTIME",
                                            "TIMESTAMP_MONOTONIC",
                                            "UNIT"};
  if (field_name == "MESSAGE") return true;
  // The audit system's fields hold command lines, too.
  if (field_name.starts_with('_')) return field_name == "_CMDLINE" || field_name.starts_with("_AUDIT_FIELD_");
  return std::find(std::begin(kHarmless), std::end(kHarmless), field_name) == std::end(kHarmless);
}

bool Masks::finds(std::string_view text) const {
  std::vector<int> found;
  rules_->find(text, found);
  return std::any_of(found.begin(), found.end(), [&](int number) {
    std::size_t from = 0;
    return !next_secret(rules_->rule(number), text, from).empty();
  });
}

bool Masks::apply(std::string& text) const {
  std::vector<int> found;
  rules_->find(text, found);
  std::string result;
  bool replaced = false;
  for (const int number : found) {
    if (!replace(rules_->rule(number), text, result)) continue;
    text.swap(result);
    replaced = true;
  }
  return replaced;
}

bool Masks::apply(Entry& entry) const {
  bool replaced = false;
  entry.cursor.resize(std::min(entry.cursor.size(), entry.cursor.find(kCursorHash)));
  std::string text;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Field field = entry.field(i);
    if (!covers(field.name)) continue;
    text = field.value;
    if (is_named_by_sender(field.name) && finds(std::string(field.name) + "=x")) {
      text = kHidden;
    } else if (!apply(text)) {
      continue;
    }
    entry.set_value(i, text);
    replaced = true;
  }
  return replaced;
}

}  // namespace backplane::log_stream
