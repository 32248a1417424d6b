// Targets, queries, forms and JSON bodies: what is accepted keeps the rules of a path and of a field.
#include <simdjson.h>

#include <string>
#include <vector>

#include "base/check.hpp"
#include "fuzz/targets.hpp"
#include "http/body/forms.hpp"
#include "http/body/json_fields.hpp"
#include "http/fields.hpp"
#include "http/limits.hpp"
#include "http/target.hpp"

namespace backplane::fuzz {
namespace {

void check_text(std::string_view text) {
  BP_CHECK(text.find('\0') == std::string_view::npos);
  BP_CHECK(simdjson::validate_utf8(text.data(), text.size()));
}

void check_fields(const std::vector<exchange::Field>& fields) {
  BP_CHECK(fields.size() <= http::limits::kFieldsMax);
  for (const exchange::Field& field : fields) {
    BP_CHECK(field.name.size() <= http::limits::kFieldNameBytesMax);
    check_text(field.name);
    check_text(field.value);
  }
}

}  // namespace

void target(std::string_view input) {
  for (const char c : input) {
    if (c < 0x21 || c > 0x7e || c == '#') return;  // check_head lets no such target through
  }
  std::string path;
  std::string_view query;
  if (!http::read_target_path(input, path, query)) return;
  BP_CHECK(!path.empty() && (path == "*" || path.front() == '/'));
  BP_CHECK(path.find("//") == std::string::npos && (path.size() == 1 || path.back() != '/'));
  const std::string closed = path + "/";
  BP_CHECK(closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos);
  check_text(path);
}

void urlencoded(std::string_view input) {
  std::vector<exchange::Field> fields;
  static_cast<void>(http::read_urlencoded(input, fields));
  check_fields(fields);
}

void json_fields(std::string_view input) {
  std::vector<exchange::Field> fields;
  static_cast<void>(http::read_json_fields(input, fields));
  check_fields(fields);
}

}  // namespace backplane::fuzz
