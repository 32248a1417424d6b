// The boots of the machine that a journal tells of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "log-stream/journal.hpp"

namespace backplane::log_stream {

struct Boot {
  std::int64_t index = 0;  // 0 is the newest, -1 the one before
  std::string boot_id;     // 32 hex digits
  std::uint64_t first_us = 0;
  std::uint64_t last_us = 0;
};

// Oldest first; the newest kBootsMax of them.
std::variant<std::vector<Boot>, Problem> list_boots(const JournalPlace& place);

// The id of the boot with that index, of those that list_boots lists; nothing where there is none. Looks at no older
// ones.
std::optional<std::string> find_boot(const JournalPlace& place, std::int64_t index);

}  // namespace backplane::log_stream
