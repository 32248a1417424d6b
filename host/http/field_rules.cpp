#include "http/field_rules.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/utf8.hpp"
#include "http/limits.hpp"

namespace backplane::http {

base::Checked<void> append_field(std::string name, std::string value, std::vector<exchange::Field>& fields) {
  if (fields.size() >= limits::kFieldsMax) {
    return base::problem(base::Error::kInvalid, fmt::format("There are more than {} fields", limits::kFieldsMax));
  }
  if (name.size() > limits::kFieldNameBytesMax) {
    return base::problem(base::Error::kInvalid,
                         fmt::format("The name of a field is longer than {} bytes", limits::kFieldNameBytesMax));
  }
  if (!base::valid_text(name) || !base::valid_text(value)) {
    return base::problem(base::Error::kInvalid, "A field is not UTF-8 text without NUL");
  }
  fields.push_back({std::move(name), std::move(value)});
  return {};
}

}  // namespace backplane::http
