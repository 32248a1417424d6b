// What the journal knows: its boots and the values of a field, and the JSON that tells them.
#pragma once

#include <backplane/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "log-stream/journal/journal.hpp"
#include "log-stream/masks.hpp"

namespace backplane::log_stream {

// The boots of the machine that a journal tells of.
struct Boot {
  std::int64_t index = 0;  // 0 is the newest, -1 the one before
  std::string boot_id;     // 32 hex digits
  std::uint64_t first_us = 0;
  std::uint64_t last_us = 0;
};

// Oldest first; the newest kBootsMax of them.
sdk::Result<std::vector<Boot>> list_boots(const JournalPlace& place);

// The id of the boot with that index, of those that list_boots lists; nothing where there is none. Looks at no older
// ones.
std::optional<std::string> find_boot(const JournalPlace& place, std::int64_t index);

// The different values that one field has in a journal: what a client can filter by.
struct FieldValues {
  std::vector<std::string> values;  // sorted by their bytes, each once; any bytes
  bool more = false;                // there are others: only a bounded number is collected
};

// With masks, what they find in the values is hidden; may be null.
sdk::Result<FieldValues> list_field_values(const JournalPlace& place, const std::string& field, const Masks* masks);

// The lists of the structured API as JSON.

// {"boots":[{"index":-1,"boot_id":"…","first":"2026-11-22T18:41:05.123456Z","last":"…"},…]}, oldest first.
sdk::Result<std::string> boots_json(const sdk::Result<std::vector<Boot>>& boots);

// {"field":"PRIORITY","values":["3","6"],"more":false}; a byte that is no UTF-8 becomes U+FFFD.
sdk::Result<std::string> field_values_json(const std::string& field, const sdk::Result<FieldValues>& values);

}  // namespace backplane::log_stream
