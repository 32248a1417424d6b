#include "log-stream/near_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace backplane::log_stream {
namespace {

constexpr std::size_t kDistanceMax = 2;
constexpr std::size_t kNameBytesMax = 64;  // bounds the work; the known names are short

// How many letters must be changed, added or taken away (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view near_name(std::string_view name, std::span<const std::string_view> known) {
  std::string_view nearest;
  std::size_t least = kDistanceMax + 1;
  if (name.size() > kNameBytesMax) return nearest;
  for (const std::string_view candidate : known) {
    const std::size_t letters = distance(name, candidate);
    // Changing every letter makes any name of any other.
    if (letters >= least || letters >= candidate.size()) continue;
    least = letters;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace backplane::log_stream
