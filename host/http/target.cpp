#include "http/target.hpp"

#include "base/utf8.hpp"
#include "http/characters.hpp"

namespace backplane::http {
namespace {

base::Problem bad_path(const char* text) {
  return base::problem(base::Error::kInvalid, text);
}

// Appends one segment decoded; false where its escapes are wrong or hide a byte that must not be in a path.
bool append_decoded(std::string_view segment, std::string& path) {
  for (std::size_t i = 0; i < segment.size(); ++i) {
    char c = segment[i];
    if (c == '%') {
      if (i + 2 >= segment.size()) return false;
      const int high = hex_value(segment[i + 1]);
      const int low = hex_value(segment[i + 2]);
      if (high < 0 || low < 0) return false;
      const int byte = high * 16 + low;
      if (byte < 0x20 || byte == 0x7f || byte == '/') return false;
      c = static_cast<char>(byte);
      i += 2;
    }
    path += c;
  }
  return true;
}

}  // namespace

base::Checked<void> read_target_path(std::string_view target, std::string& path, std::string_view& query) {
  const std::size_t question = target.find('?');
  query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  std::string_view rest = target.substr(0, question);
  path.clear();
  if (rest == "*") {
    path = rest;
    return {};
  }
  if (rest.empty() || rest.front() != '/') return bad_path("The target is not a path");
  bool encoded = false;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(segment.size());
    if (segment.empty()) continue;
    path += '/';
    const std::size_t start = path.size();
    if (segment.find('%') == std::string_view::npos) {
      path += segment;
    } else {
      encoded = true;
      if (!append_decoded(segment, path)) return bad_path("The path holds an escape that is not allowed");
    }
    const std::string_view decoded = std::string_view(path).substr(start);
    if (decoded == "." || decoded == "..") return bad_path("The path holds a segment . or ..");
  }
  if (path.empty()) path = "/";
  // Undecoded characters are ASCII: check_head lets no other through.
  if (encoded && !base::valid_text(path)) return bad_path("The path is not UTF-8");
  return {};
}

}  // namespace backplane::http
