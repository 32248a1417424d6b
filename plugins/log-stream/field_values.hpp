// The different values that one field has in a journal: what a client can filter by.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "log-stream/journal.hpp"
#include "log-stream/masks.hpp"

namespace backplane::log_stream {

struct FieldValues {
  std::vector<std::string> values;  // sorted by their bytes, each once; any bytes
  bool more = false;                // there are others: only a bounded number is collected
};

// With masks, what they find in the values is hidden; may be null.
std::variant<FieldValues, Problem> list_field_values(const JournalPlace& place, const std::string& field,
                                                     const Masks* masks);

}  // namespace backplane::log_stream
