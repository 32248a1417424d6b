#include "http/body/json_fields.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <utility>

#include "base/limits.hpp"
#include "http/fields.hpp"

namespace backplane::http {
namespace {

namespace ondemand = simdjson::ondemand;

base::Problem bad_json(simdjson::error_code error) {
  if (error == simdjson::DEPTH_ERROR) {
    return base::problem(base::Error::kInvalid,
                         fmt::format("The JSON is nested deeper than {} levels", base::limits::kJsonDepthMax));
  }
  return base::problem(base::Error::kInvalid, fmt::format("The body is not valid JSON: {}", error_message(error)));
}

std::string_view without_blanks_behind(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The text of a value that is not null.
simdjson::error_code value_text(ondemand::value& value, ondemand::json_type type, std::string& text) {
  std::string_view view;
  simdjson::error_code error = simdjson::SUCCESS;
  if (type == ondemand::json_type::string) {
    error = value.get_string().get(view);
  } else if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
    error = simdjson::to_json_string(value).get(view);
  } else {
    view = without_blanks_behind(value.raw_json_token());
  }
  if (error == simdjson::SUCCESS) text = view;
  return error;
}

base::Checked<void> append_member(simdjson::simdjson_result<ondemand::field> member,
                                  std::vector<exchange::Field>& fields) {
  ondemand::field field;
  if (const auto error = std::move(member).get(field)) return bad_json(error);
  std::string_view name;
  if (const auto error = field.unescaped_key().get(name)) return bad_json(error);
  std::string name_text(name);
  ondemand::value value = field.value();
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return bad_json(error);
  if (type == ondemand::json_type::null) return {};
  std::string text;
  if (const auto error = value_text(value, type, text)) return bad_json(error);
  return append_field(std::move(name_text), std::move(text), fields);
}

}  // namespace

base::Checked<void> read_json_fields(std::string_view json, std::vector<exchange::Field>& fields) {
  const simdjson::padded_string padded(json);
  // On-demand parsing does not look inside what it skips, and only it shows numbers as written: so the whole text is
  // checked first, by the parser that builds a tree.
  simdjson::dom::parser checker;
  if (const auto error = checker.allocate(padded.size(), base::limits::kJsonDepthMax)) return bad_json(error);
  simdjson::dom::element root;
  if (const auto error = checker.parse(padded).get(root)) return bad_json(error);
  if (!root.is_object()) return base::problem(base::Error::kInvalid, "The JSON body is not an object");

  ondemand::parser parser;
  if (const auto error = parser.allocate(padded.size(), base::limits::kJsonDepthMax)) return bad_json(error);
  ondemand::document document;
  if (const auto error = parser.iterate(padded).get(document)) return bad_json(error);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) return bad_json(error);
  for (auto member : object) {
    if (auto appended = append_member(std::move(member), fields); !appended) return appended;
  }
  return {};
}

}  // namespace backplane::http
