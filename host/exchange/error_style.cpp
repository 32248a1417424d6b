#include "exchange/error_style.hpp"

#include <algorithm>
#include <backplane/json.hpp>

#include "exchange/dialects/styles.hpp"

namespace backplane::exchange {
namespace {

void write_problem(const ErrorStyle&, const Failure&, std::string_view text, Response& answer) {
  sdk::JsonWriter json(sdk::JsonForm::kCompact);
  json.begin_object();
  json.key("type").string("about:blank");
  json.key("title").string(reason_phrase(answer.status));
  json.key("status").integer(answer.status);
  json.key("detail").string(text);
  json.end_object();
  answer.body = json.take();
}

}  // namespace

constinit const ErrorStyle kProblemStyle = {
    .name = "problem",
    .media_type = "application/problem+json",
    .schema = R"({"type":"object","required":["type","title","status"],"properties":{"type":{"type":"string"},)"
              R"("title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"}}})",
    .write = write_problem,
};

Response render_failure(const ErrorStyle& style, const Failure& failure) {
  Response answer;
  answer.status = failure.status != 0 ? failure.status : http_status(failure.error);
  answer.content_type = style.media_type;
  style.write(style, failure, failure.text.empty() ? reason_phrase(answer.status) : failure.text, answer);
  if (failure.retry_after_s >= 0) answer.headers.push_back({"Retry-After", std::to_string(failure.retry_after_s)});
  return answer;
}

const std::vector<ErrorStyle>& error_styles() {
  static const std::vector<ErrorStyle> kStyles = {kProblemStyle, kKvmdStyle, kDragonmintStyle, kGravwellStyle};
  return kStyles;
}

std::vector<std::string_view> error_style_names() {
  std::vector<std::string_view> names;
  for (const ErrorStyle& style : error_styles()) names.push_back(style.name);
  return names;
}

const ErrorStyle* find_error_style(const std::vector<ErrorStyle>& styles, std::string_view name) {
  const auto found =
      std::find_if(styles.begin(), styles.end(), [name](const ErrorStyle& style) { return style.name == name; });
  return found == styles.end() ? nullptr : &*found;
}

Response not_found() {
  Response response;
  response.status = 404;
  response.content_type = kTextType;
  response.body = "404: Not Found";
  return response;
}

Response method_not_allowed(std::string_view allow) {
  Response response;
  response.status = 405;
  response.content_type = kTextType;
  response.body = "405: Method Not Allowed";
  response.headers.push_back({"Allow", std::string(allow)});
  return response;
}

}  // namespace backplane::exchange
