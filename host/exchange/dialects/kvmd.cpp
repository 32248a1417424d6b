// How kvmd says no: {"ok": false, "result": {"error": class, "error_msg": text}} (pikvm.md §2).
#include <string>

#include "dialects/kvmd/answer.hpp"
#include "exchange/dialects/styles.hpp"

namespace backplane::exchange {
namespace {

std::string_view class_of(int status) {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 417:
      return "ValidatorError";
    case 401:
      return "UnauthorizedError";
    case 403:
      return "ForbiddenError";
    case 409:
      return "IsBusyError";
    case 429:
      return "TooManyRequestsError";
    case 502:
    case 503:
    case 504:
      return "UnavailableError";
    default:
      return "HttpError";
  }
}

void write_kvmd(const ErrorStyle&, const Failure& failure, std::string_view text, Response& answer) {
  const std::string_view own_class = failure.kvmd_class;
  // A login refusal says nothing of why (S-20).
  answer.body = dialects::kvmd::failure_answer(own_class.empty() ? class_of(answer.status) : own_class,
                                               is_login_refusal(answer.status) ? reason_phrase(answer.status) : text);
}

}  // namespace

constinit const ErrorStyle kKvmdStyle = {
    .name = "kvmd",
    .media_type = kJsonType,
    .schema = R"({"type":"object","required":["ok","result"],"properties":{"ok":{"const":false},)"
              R"("result":{"type":"object","required":["error","error_msg"],)"
              R"("properties":{"error":{"type":"string"},"error_msg":{"type":"string"}}}}})",
    .write = write_kvmd,
};

}  // namespace backplane::exchange
