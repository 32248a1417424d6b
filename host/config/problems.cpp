#include "config/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <backplane/text.hpp>
#include <tuple>
#include <utility>

#include "config/limits.hpp"

namespace backplane::config {

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
  const std::string_view beginning = sdk::beginning(value, limits::kConfigShownBytesMax);
  std::string out = "\"";
  for (const char c : beginning) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += beginning.size() < value.size() ? "…\"" : "\"";
  return out;
}

std::string listed(const std::vector<std::string_view>& words) {
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace backplane::config
