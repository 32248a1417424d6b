// Makes wrong configurations out of a right one, the way that hands do: one mistake each, with the line it is in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace backplane::config {

struct Mutation {
  std::string kind;
  std::size_t line = 0;  // from 1; the line that a person must mend
  std::string text;      // the whole configuration
};

// The same seed gives the same mutations. Every one is a mistake that a correct loader must refuse.
std::vector<Mutation> make_mutations(const std::string& text, std::size_t count, std::uint32_t seed);

}  // namespace backplane::config
