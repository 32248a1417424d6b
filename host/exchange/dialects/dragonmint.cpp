// How DragonMint's server says no: {"success":false,"message":text}, with HTTP 200 for refusals of login and scope
// unless the owner chose real statuses (contracts/README.md "error style").
#include <backplane/json.hpp>

#include "exchange/dialects/styles.hpp"

namespace backplane::exchange {
namespace {

void write_dragonmint(const ErrorStyle& style, const Failure& failure, std::string_view text, Response& answer) {
  if (is_login_refusal(answer.status)) {
    if (style.login_refusal_status != 0) answer.status = style.login_refusal_status;
    if (failure.login && failure.bearer) {
      answer.body = R"({"success":false,"token":"expired"})";
      return;
    }
    text = "invalid request";
  }
  sdk::JsonWriter json(sdk::JsonForm::kCompact);
  json.begin_object();
  json.key("success").boolean(false);
  json.key("message").string(text);
  json.end_object();
  answer.body = json.take();
}

}  // namespace

constinit const ErrorStyle kDragonmintStyle = {
    .name = "dragonmint",
    .media_type = kJsonType,
    .schema = R"({"type":"object","required":["success"],"properties":{"success":{"const":false},)"
              R"("message":{"type":"string"}}})",
    .write = write_dragonmint,
    .login_refusal_status = 200,
};

}  // namespace backplane::exchange
