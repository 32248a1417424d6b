#include "http/body/forms.hpp"

#include <optional>
#include <string>
#include <utility>

#include "http/body/json_fields.hpp"
#include "http/body/multipart.hpp"
#include "http/fields.hpp"
#include "http/header_parameters.hpp"

namespace backplane::http {
namespace {

using exchange::same_name;

class FieldCollector final : public PartSink {
 public:
  explicit FieldCollector(std::vector<exchange::Field>& fields) : fields_(fields) {}

  base::Checked<void> on_part(const PartHead& head) override {
    name_ = head.name;
    value_.clear();
    return {};
  }
  base::Checked<void> on_part_data(std::string_view data) override {
    value_ += data;
    return {};
  }
  base::Checked<void> on_part_end() override { return append_field(std::move(name_), std::move(value_), fields_); }

 private:
  std::vector<exchange::Field>& fields_;
  std::string name_;
  std::string value_;
};

base::Checked<void> read_multipart(std::string_view content_type, std::string_view body,
                                   std::vector<exchange::Field>& fields) {
  const auto boundary = multipart_boundary(content_type);
  if (!boundary) return boundary.error();
  FieldCollector collector(fields);
  MultipartParser parser(*boundary, collector);
  if (auto fed = parser.feed(body); !fed) return fed;
  return parser.finish();
}

bool is_json_type(std::string_view type) {
  constexpr std::string_view kSuffix = "+json";
  if (same_name(type, "application/json")) return true;
  return type.size() > kSuffix.size() && same_name(type.substr(type.size() - kSuffix.size()), kSuffix);
}

bool is_utf8(std::string_view content_type) {
  const std::optional<std::string> charset = header_parameter(content_type, "charset");
  return !charset || same_name(*charset, "utf-8") || same_name(*charset, "utf8") || same_name(*charset, "us-ascii");
}

}  // namespace

FormKind form_kind(std::string_view content_type, std::string_view body) {
  if (body.empty()) return FormKind::kNone;
  const std::string_view type = header_word(content_type);
  if (same_name(type, "application/x-www-form-urlencoded")) return FormKind::kUrlencoded;
  if (same_name(type, "multipart/form-data")) return FormKind::kMultipart;
  if (is_json_type(type)) return FormKind::kJson;
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  const bool object = type.empty() && first != std::string_view::npos && body[first] == '{';
  return object ? FormKind::kJson : FormKind::kOther;
}

base::Checked<FormKind> read_fields(std::string_view content_type, std::string_view body,
                                    std::vector<exchange::Field>& fields) {
  const FormKind kind = form_kind(content_type, body);
  if (kind == FormKind::kNone || kind == FormKind::kOther) return kind;
  if (!is_utf8(content_type)) {
    return base::problem(base::Error::kUnsupported, "The charset of the body is not UTF-8");
  }
  const base::Checked<void> read = kind == FormKind::kUrlencoded  ? read_urlencoded(body, fields)
                                   : kind == FormKind::kMultipart ? read_multipart(content_type, body, fields)
                                                                  : read_json_fields(body, fields);
  if (!read) return read.error();
  return kind;
}

}  // namespace backplane::http
