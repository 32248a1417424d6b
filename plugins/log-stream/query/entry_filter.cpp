#include "log-stream/query/entry_filter.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "log-stream/limits.hpp"
#include "log-stream/query/unit_rules.hpp"
#include "log-stream/text.hpp"

namespace backplane::log_stream {
namespace {

int level_of(const Entry& entry) {
  const std::string_view text = entry.find("PRIORITY");
  return text.size() == 1 && text[0] >= '0' && text[0] <= '7' ? text[0] - '0' : kLevelOfNone;
}

}  // namespace

Grep::Grep(std::unique_ptr<const re2::RE2> pattern) : pattern_(std::move(pattern)) {}
Grep::Grep(Grep&&) noexcept = default;
Grep& Grep::operator=(Grep&&) noexcept = default;
Grep::~Grep() = default;

sdk::Result<Grep> Grep::compile(const std::string& pattern) {
  if (pattern.size() > kGrepBytesMax) {
    return sdk::Failure{400, "grep is longer than " + std::to_string(kGrepBytesMax) + " bytes; give a shorter pattern"};
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kGrepMemoryBytesMax);
  options.set_case_sensitive(std::any_of(pattern.begin(), pattern.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
  auto compiled = std::make_unique<const re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    return sdk::Failure{400, "grep is no valid pattern (RE2 syntax): " + quoted(compiled->error())};
  }
  if (compiled->ProgramSize() > kGrepProgramMax) {
    return sdk::Failure{400, "grep is a pattern that takes too long to search for; write it with fewer repetitions"};
  }
  return Grep(std::move(compiled));
}

bool Grep::finds(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), std::min(text.size(), kGrepTextBytesMax)), *pattern_);
}

bool EntryFilter::passes_unread(sd_journal* journal) const {
  return (units_.empty() || entry_is_of_units(journal, units_)) &&
         (writers_.empty() || entry_is_by_units(journal, writers_));
}

bool EntryFilter::passes(const Entry& entry, std::size_t& searched) const {
  if (level_ && level_of(entry) > *level_) return false;
  if (!grep_) return true;
  const std::string_view message = entry.find("MESSAGE");
  searched += message.size();
  if (masks_ == nullptr) return grep_->finds(message);
  std::string visible(message);
  masks_->apply(visible);
  return grep_->finds(visible);
}

}  // namespace backplane::log_stream
