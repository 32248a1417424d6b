// One entry as a JSON object, as journalctl -o json --all writes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

class JsonFormat {
 public:
  // Appends the object without a line end; there is none in it. Values are strings. One that is no text (see is_text,
  // LF allowed) is an array of its bytes; a field that stands more than once is an array of its values. Fields whose
  // name journald would not take are left out.
  void append(const Entry& entry, std::string& out);

 private:
  // Whether a name may stand twice; never false where it does.
  static bool may_repeat(const Entry& entry);
  // Fields in the order of their names, those of one name in the journal's order.
  void sort(const Entry& entry);
  void append_sorted(const Entry& entry, std::string& out) const;

  std::vector<std::size_t> sorted_;  // kept, so that it allocates for the largest entry only
};

}  // namespace backplane::log_stream
