#include "http/router.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "http/limits.hpp"

namespace backplane::http {
namespace {

Route route(std::string method, std::string pattern, std::string owner = "host", std::string scope = "a.b") {
  Route made;
  made.owner = std::move(owner);
  made.method = std::move(method);
  made.pattern = std::move(pattern);
  made.scope = std::move(scope);
  return made;
}

// "pattern name=value …", or "405 allow", or "404".
std::string match(const Router& router, std::string_view method, std::string_view path) {
  const Match found = router.match(method, path);
  if (!found.route) return found.allow.empty() ? "404" : "405 " + found.allow;
  std::string text = found.route->pattern;
  for (const exchange::Field& parameter : found.parameters) text += " " + parameter.name + "=" + parameter.value;
  return text;
}

std::string problem_of(Router& router, Route added) {
  const auto result = router.add(std::move(added));
  return result ? "" : result.error().text;
}

TEST(Router, FindsLiteralsParametersAndTails) {
  Router router;
  for (const char* pattern : {"/", "/api/info", "/api/users/{id}", "/api/users/{id}/sessions/{session}",
                              "/files/{path...}", "/api/{a}/x/{b}"}) {
    ASSERT_TRUE(router.add(route("GET", pattern))) << pattern;
  }
  EXPECT_EQ(match(router, "GET", "/"), "/");
  EXPECT_EQ(match(router, "GET", "/api/info"), "/api/info");
  EXPECT_EQ(match(router, "GET", "/api/users/7"), "/api/users/{id} id=7");
  EXPECT_EQ(match(router, "GET", "/api/users/7/sessions/a b"), "/api/users/{id}/sessions/{session} id=7 session=a b");
  EXPECT_EQ(match(router, "GET", "/files/a/b.txt"), "/files/{path...} path=a/b.txt");
  EXPECT_EQ(match(router, "GET", "/files"), "/files/{path...} path=");
  EXPECT_EQ(match(router, "GET", "/api/users/x/1"), "/api/{a}/x/{b} a=users b=1");
  EXPECT_EQ(match(router, "GET", "/api/other/x/1"), "/api/{a}/x/{b} a=other b=1");
  EXPECT_EQ(match(router, "GET", "/api"), "404");
  EXPECT_EQ(match(router, "GET", "/api/users"), "404");
  EXPECT_EQ(match(router, "GET", "/API/info"), "404");
}

TEST(Router, ALiteralBeatsAParameterBeatsATail) {
  Router router;
  for (const char* pattern : {"/a/{path...}", "/a/{x}", "/a/b", "/a/{x}/c", "/a/b/{y}", "/{x}/b/{y}/d"}) {
    ASSERT_TRUE(router.add(route("GET", pattern))) << pattern;
  }
  EXPECT_EQ(match(router, "GET", "/a/b"), "/a/b");
  EXPECT_EQ(match(router, "GET", "/a/z"), "/a/{x} x=z");
  EXPECT_EQ(match(router, "GET", "/a/z/y"), "/a/{path...} path=z/y");
  EXPECT_EQ(match(router, "GET", "/a/b/c"), "/a/b/{y} y=c");
  EXPECT_EQ(match(router, "GET", "/a/z/c"), "/a/{x}/c x=z");
  EXPECT_EQ(match(router, "GET", "/a/b/c/e"), "/a/{path...} path=b/c/e");
  EXPECT_EQ(match(router, "GET", "/z/b/c/d"), "/{x}/b/{y}/d x=z y=c");
}

TEST(Router, AnotherMethodGetsAllowWithHeadAndOptions) {
  Router router;
  ASSERT_TRUE(router.add(route("GET", "/a")));
  ASSERT_TRUE(router.add(route("POST", "/a")));
  ASSERT_TRUE(router.add(route("DELETE", "/{x}")));
  Route websocket = route("GET", "/ws/{x}");
  websocket.kind = RouteKind::kWebSocket;
  ASSERT_TRUE(router.add(std::move(websocket)));
  EXPECT_EQ(match(router, "HEAD", "/a"), "/a");
  EXPECT_EQ(match(router, "DELETE", "/a"), "/{x} x=a");
  EXPECT_EQ(match(router, "PUT", "/a"), "405 DELETE, GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(match(router, "TRACE", "/b"), "405 DELETE, OPTIONS");
  EXPECT_EQ(match(router, "OPTIONS", "/a"), "405 DELETE, GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(match(router, "HEAD", "/ws/1"), "405 GET, OPTIONS");
  EXPECT_EQ(match(router, "OPTIONS", "*"), "405 DELETE, GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(match(router, "OPTIONS", "/none/at/all"), "404");
  EXPECT_EQ(match(router, "get", "/a"), "405 DELETE, GET, HEAD, OPTIONS, POST");
}

TEST(Router, ARouteWithoutAScopeIsRefused) {
  Router router;
  EXPECT_NE(problem_of(router, route("GET", "/a", "kvm", "")).find("has no scope"), std::string::npos);
  EXPECT_NE(problem_of(router, route("GET", "/a", "kvm", "A b")).find("scope"), std::string::npos);
  EXPECT_EQ(problem_of(router, route("GET", "/a", "kvm", kPublicScope)), "");
  EXPECT_EQ(match(router, "GET", "/a"), "/a");
}

TEST(Router, WhatIsNoRouteIsRefused) {
  Router router;
  for (const char* method : {"", "get", "HEAD", "OPTIONS", "TRACE", "CONNECT"}) {
    EXPECT_NE(problem_of(router, route(method, "/a")), "") << method;
  }
  for (const char* pattern : {"",      "a",     "/a/",  "//",     "/a//b",     "/{}",    "/{a",      "/a}",
                              "/x{a}", "/{a}x", "/{1}", "/{a b}", "/{a...}/b", "/{...}", "/{a}/{a}", "/{a}/{a...}",
                              "/a?b",  "/a#b",  "/a b", "/%20",   "/..",       "/a/.",   "/\xc3\xa9"}) {
    EXPECT_NE(problem_of(router, route("GET", pattern)), "") << pattern;
  }
  Route websocket = route("POST", "/ws");
  websocket.kind = RouteKind::kWebSocket;
  EXPECT_NE(problem_of(router, std::move(websocket)), "");
  std::string deep;
  for (std::size_t i = 0; i <= limits::kPatternPartsMax; ++i) deep += "/a";
  EXPECT_NE(problem_of(router, route("GET", deep)), "");
  EXPECT_TRUE(router.routes().empty());
}

TEST(Router, TheSameRouteTwiceNamesBothOwners) {
  Router router;
  ASSERT_TRUE(router.add(route("GET", "/a/{x}", "first")));
  const std::string problem = problem_of(router, route("GET", "/a/{y}", "second"));
  EXPECT_NE(problem.find("first"), std::string::npos) << problem;
  EXPECT_NE(problem.find("second"), std::string::npos) << problem;
  EXPECT_NE(problem_of(router, route("GET", "/a/{z}", "first")), "");
  EXPECT_EQ(problem_of(router, route("POST", "/a/{x}", "second")), "");
}

TEST(Router, AParameterOrTailOverAnotherOwnersLiteralIsRefusedEitherWayRound) {
  for (const auto& [one, two] : std::vector<std::pair<std::string, std::string>>{{"/a/{x}", "/a/b"},
                                                                                 {"/a/{path...}", "/a/b/c"},
                                                                                 {"/a/{path...}", "/a"},
                                                                                 {"/{x}/b", "/a/{y}"},
                                                                                 {"/{path...}", "/"}}) {
    for (const bool swapped : {false, true}) {
      Router router;
      ASSERT_TRUE(router.add(route("GET", swapped ? two : one, "first")));
      EXPECT_NE(problem_of(router, route("GET", swapped ? one : two, "second")), "") << one << " " << two;
      EXPECT_EQ(problem_of(router, route("GET", swapped ? one : two, "first")), "") << one << " " << two;
    }
  }
  Router router;
  ASSERT_TRUE(router.add(route("GET", "/a/{x}", "first")));
  EXPECT_EQ(problem_of(router, route("GET", "/a/{x}/c", "second")), "");
  EXPECT_EQ(problem_of(router, route("GET", "/b/{x}", "second")), "");
  EXPECT_EQ(problem_of(router, route("GET", "/a", "second")), "");
}

TEST(Router, AnIdIsUsedOnceByItsOwner) {
  Router router;
  Route first = route("GET", "/a");
  first.id = "read";
  Route second = route("GET", "/b");
  second.id = "read";
  Route other = route("GET", "/c", "other");
  other.id = "read";
  EXPECT_EQ(problem_of(router, std::move(first)), "");
  EXPECT_NE(problem_of(router, std::move(second)), "");
  EXPECT_EQ(problem_of(router, std::move(other)), "");
}

TEST(Router, ReplacingAnOwnersRoutesIsAllOrNothing) {
  Router router;
  ASSERT_TRUE(router.add(route("GET", "/host")));
  EXPECT_TRUE(router.replace_owner("video", {route("GET", "/old"), route("GET", "/both/{x}")}).empty());
  const auto problems =
      router.replace_owner("video", {route("GET", "/new"), route("GET", "/host"), route("GET", "/x", "", "")});
  EXPECT_EQ(problems.size(), 2U);
  EXPECT_EQ(match(router, "GET", "/old"), "/old");
  EXPECT_EQ(match(router, "GET", "/new"), "404");

  const Match before = router.match("GET", "/both/1");
  EXPECT_TRUE(router.replace_owner("video", {route("GET", "/new"), route("GET", "/both/{y}")}).empty());
  EXPECT_EQ(match(router, "GET", "/old"), "404");
  EXPECT_EQ(match(router, "GET", "/both/1"), "/both/{y} y=1");
  EXPECT_EQ(before.route->pattern, "/both/{x}");  // a request on its way keeps its route

  router.remove_owner("video");
  EXPECT_EQ(match(router, "GET", "/new"), "404");
  EXPECT_EQ(match(router, "GET", "/both/1"), "404");
  EXPECT_EQ(match(router, "GET", "/host"), "/host");
}

TEST(Router, ListsItsRoutesInAFixedOrder) {
  Router router;
  ASSERT_TRUE(router.add(route("PUT", "/b")));
  ASSERT_TRUE(router.add(route("GET", "/b")));
  ASSERT_TRUE(router.add(route("GET", "/a")));
  std::string text;
  for (const auto& listed : router.routes()) text += listed->method + listed->pattern + " ";
  EXPECT_EQ(text, "GET/a GET/b PUT/b ");
}

}  // namespace
}  // namespace backplane::http
