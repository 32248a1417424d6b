#include "http/openapi.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <utility>
#include <vector>

#include "exchange/dialects/styles.hpp"
#include "http/router.hpp"

namespace backplane::http {
namespace {

Route route(std::string method, std::string pattern, std::string id, std::string operation = {}) {
  Route made;
  made.id = std::move(id);
  made.owner = "kvm-info";
  made.method = std::move(method);
  made.pattern = std::move(pattern);
  made.scope = "kvm.info.read";
  made.style = exchange::kKvmdStyle;
  made.operation_json = std::move(operation);
  return made;
}

class OpenApi : public testing::Test {
 protected:
  void read(std::vector<Route> routes) {
    Router router;
    for (Route& added : routes) ASSERT_TRUE(router.add(std::move(added)));
    text = openapi_document({"My \"box\"", "0.1.0"}, router.routes());
    ASSERT_EQ(parser.parse(text).get(document), simdjson::SUCCESS) << text;
  }
  std::string at(std::string_view pointer) {
    simdjson::dom::element found;
    if (document.at_pointer(pointer).get(found)) return "absent";
    return simdjson::minify(found);
  }

  std::string text;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
};

TEST_F(OpenApi, EmptyIsValidAndNamesTheDevice) {
  read({});
  EXPECT_EQ(at("/openapi"), "\"3.1.0\"");
  EXPECT_EQ(at("/info/title"), "\"My \\\"box\\\"\"");
  EXPECT_EQ(at("/info/version"), "\"0.1.0\"");
  EXPECT_EQ(at("/paths"), "{}");
  EXPECT_EQ(at("/components/securitySchemes/cookie/name"), "\"auth_token\"");
  for (const char* style : {"problem", "kvmd", "dragonmint", "gravwell"}) {
    EXPECT_NE(at(std::string("/components/responses/") + style + "/content"), "absent") << style;
  }
}

TEST_F(OpenApi, ARoutesOwnWordsStayAndTheHostAddsWhatItKnows) {
  read({route("GET", "/api/info", "read",
              R"({"summary": "Reads \u00e4", "parameters": [{"name":"fields","in":"query"}], "x-scope": "public",)"
              R"("security": [], "responses": {"200": {"description": "ok"}}})")});
  EXPECT_EQ(at("/paths/~1api~1info/get/summary"), "\"Reads \xc3\xa4\"");
  EXPECT_EQ(at("/paths/~1api~1info/get/operationId"), "\"kvm-info.read\"");
  EXPECT_EQ(at("/paths/~1api~1info/get/tags"), "[\"kvm-info\"]");
  EXPECT_EQ(at("/paths/~1api~1info/get/responses"), "{\"200\":{\"description\":\"ok\"}}");
  EXPECT_EQ(at("/paths/~1api~1info/get/parameters"), R"([{"name":"fields","in":"query"}])");
  EXPECT_EQ(at("/paths/~1api~1info/get/x-scope"), "\"kvm.info.read\"");
  EXPECT_EQ(at("/paths/~1api~1info/get/x-error-style"), "\"kvmd\"");
  EXPECT_EQ(at("/paths/~1api~1info/get/security/0/cookie"), "[]");
}

TEST_F(OpenApi, ARouteWithoutWordsIsDescribedFromWhatItIs) {
  Route open = route("GET", "/login", "page");
  open.scope = kPublicScope;
  open.style = exchange::kProblemStyle;
  Route socket = route("GET", "/api/ws", "ws");
  socket.kind = RouteKind::kWebSocket;
  read({std::move(open), std::move(socket), route("POST", "/api/ws", "post"), route("PUT", "/bad", "bad", "[1]")});
  EXPECT_EQ(at("/paths/~1login/get/security"), "[]");
  EXPECT_EQ(at("/paths/~1login/get/responses/default/$ref"), "\"#/components/responses/problem\"");
  EXPECT_EQ(at("/paths/~1api~1ws/get/x-websocket"), "true");
  EXPECT_EQ(at("/paths/~1api~1ws/post/operationId"), "\"kvm-info.post\"");
  EXPECT_EQ(at("/paths/~1bad/put/operationId"), "\"kvm-info.bad\"");
}

TEST_F(OpenApi, PathParametersAreListedBeforeTheRoutesOwn) {
  read({route("GET", "/u/{id}/{rest...}", "a", R"({"parameters":[{"name":"q","in":"query"}]})"),
        route("PUT", "/u/{id}", "b", R"({"parameters":[]})"), route("DELETE", "/u/{id}", "c")});
  EXPECT_EQ(at("/paths/~1u~1{id}~1{rest}/get/parameters/0/name"), "\"id\"");
  EXPECT_EQ(at("/paths/~1u~1{id}~1{rest}/get/parameters/1/name"), "\"rest\"");
  EXPECT_EQ(at("/paths/~1u~1{id}~1{rest}/get/parameters/2/name"), "\"q\"");
  EXPECT_EQ(at("/paths/~1u~1{id}/put/parameters/0/required"), "true");
  EXPECT_EQ(at("/paths/~1u~1{id}/put/parameters/1"), "absent");
  EXPECT_EQ(at("/paths/~1u~1{id}/delete/parameters/0/in"), "\"path\"");
}

TEST_F(OpenApi, TheOrderOfAddingDoesNotShow) {
  read({route("GET", "/a", "a"), route("PUT", "/a", "b"), route("GET", "/b", "c")});
  const std::string first = text;
  read({route("GET", "/b", "c"), route("PUT", "/a", "b"), route("GET", "/a", "a")});
  EXPECT_EQ(text, first);
}

}  // namespace
}  // namespace backplane::http
