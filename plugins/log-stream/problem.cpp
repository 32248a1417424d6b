#include "log-stream/problem.hpp"

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text.substr(0, kQuotedBytesMax)) result += c >= ' ' && c <= '~' ? c : '?';
  return result + (text.size() > kQuotedBytesMax ? "…\"" : "\"");
}

}  // namespace backplane::log_stream
