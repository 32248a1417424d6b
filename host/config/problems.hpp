// Collects every mistake of a configuration with its place, in the order in which a reader of the files meets them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace backplane::config {

struct SourceFile {
  std::string name;       // as the user gave it
  std::size_t order = 0;  // the main file is 0, then the others as they were read
};

// Where in a file; lines and columns count from 1, line 0 means the file as a whole.
struct Place {
  std::shared_ptr<const SourceFile> file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  // "file:line:column", or "file" alone.
  std::string text() const;
};

bool operator<(const Place& a, const Place& b);

// Keeps the first kConfigProblemsMax problems by place and counts the rest.
class Problems {
 public:
  void add(const Place& place, std::string text, base::Error code = base::Error::kInvalid);
  // How many were added, kept or not.
  std::size_t count() const { return count_; }
  // Sorted by place. Where some were dropped, the last one says how many.
  std::vector<base::Problem> take();

 private:
  struct Found {
    Place place;
    base::Problem problem;
  };
  std::vector<Found> found_;
  std::size_t count_ = 0;
};

// A value as it may stand in a message: in quotes, control characters escaped, cut at kConfigShownBytesMax.
std::string shown(std::string_view value);

// "a, b, c".
std::string listed(const std::vector<std::string_view>& words);

}  // namespace backplane::config
