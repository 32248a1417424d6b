// How Gravwell says no: {"Error": text}, and 401 for every credential that is missing or wrong.
#include <backplane/json.hpp>

#include "exchange/dialects/styles.hpp"

namespace backplane::exchange {
namespace {

void write_gravwell(const ErrorStyle&, const Failure& failure, std::string_view text, Response& answer) {
  // 401 says "you are logged out" to its clients, and 403 never does (gravwell.md §0).
  if (failure.login) {
    answer.status = 401;
    answer.headers.push_back({"WWW-Authenticate", "Bearer"});
    text = reason_phrase(401);
  }
  sdk::JsonWriter json(sdk::JsonForm::kCompact);
  json.begin_object();
  json.key("Error").string(text);
  json.end_object();
  answer.body = json.take();
}

}  // namespace

constinit const ErrorStyle kGravwellStyle = {
    .name = "gravwell",
    .media_type = kJsonType,
    .schema = R"({"type":"object","required":["Error"],"properties":{"Error":{"type":"string"}}})",
    .write = write_gravwell,
};

}  // namespace backplane::exchange
