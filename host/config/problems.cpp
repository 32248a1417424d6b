#include "config/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

#include "config/limits.hpp"

namespace backplane::config {
namespace {

constexpr std::size_t kSuggestedBytesMax = 64;  // a longer word is no misspelt key

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Optimal string alignment: a swap of two neighbours is one mistake, as it is for a typing hand.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + changed});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(differ.first - a.begin());
}

}  // namespace

std::string Place::text() const {
  const std::string name = file ? file->name : std::string();
  return line == 0 ? name : fmt::format("{}:{}:{}", name, line, column);
}

bool operator<(const Place& a, const Place& b) {
  const auto order = [](const Place& p) { return std::tuple(p.file ? p.file->order : 0, p.line, p.column); };
  return order(a) < order(b);
}

void Problems::add(const Place& place, std::string text, base::Error code) {
  ++count_;
  const auto after =
      std::upper_bound(found_.begin(), found_.end(), place, [](const Place& p, const Found& f) { return p < f.place; });
  found_.insert(after, {place, base::problem(code, std::move(text), place.text())});
  if (found_.size() > limits::kConfigProblemsMax) found_.pop_back();
}

std::vector<base::Problem> Problems::take() {
  std::vector<base::Problem> out;
  if (count_ > found_.size()) {  // the last place is given up for the sentence, so that the bound holds
    found_.pop_back();
    const std::string file = found_.back().place.file ? found_.back().place.file->name : std::string();
    const std::size_t dropped = count_ - found_.size();
    for (auto& found : found_) out.push_back(std::move(found.problem));
    out.push_back(
        base::problem(base::Error::kLimit, fmt::format("{} more mistakes; correct these first", dropped), file));
  } else {
    for (auto& found : found_) out.push_back(std::move(found.problem));
  }
  found_.clear();
  count_ = 0;
  return out;
}

std::string shown(std::string_view value) {
  std::size_t length = std::min(value.size(), limits::kConfigShownBytesMax);
  while (length > 0 && length < value.size() && (static_cast<unsigned char>(value[length]) & 0xC0) == 0x80) --length;
  std::string out = "\"";
  for (const char c : value.substr(0, length)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += length < value.size() ? "…\"" : "\"";
  return out;
}

std::string_view nearest(std::string_view written, const std::vector<std::string_view>& allowed) {
  if (written.empty() || written.size() > kSuggestedBytesMax) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, written.size() / 3) + 1;
  std::size_t best_prefix = 0;
  for (const auto word : allowed) {
    const std::size_t found = distance(written, word);
    const std::size_t prefix = common_prefix(written, word);
    if (found >= word.size()) continue;
    if (found < best_distance || (found == best_distance && !best.empty() && prefix > best_prefix)) {
      best = word;
      best_distance = found;
      best_prefix = prefix;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string_view>& allowed) {
  const auto word = nearest(written, allowed);
  return word.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", word);
}

std::string listed(const std::vector<std::string_view>& words) {
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace backplane::config
