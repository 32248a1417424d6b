#include "plugin/manifest/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exchange/dialects/styles.hpp"
#include "feed/limits.hpp"

namespace backplane::plugin {
namespace {

using testing::HasSubstr;

constexpr char kGood[] = R"({
  "id": "lamp", "version": "1.2.0", "vendor": "V", "license": "MIT", "description": "A lamp", "abi": "0.1",
  "extensions": {"needed": ["backplane.http/1"], "wanted": ["backplane.loop/1", "backplane.later/9"]},
  "routes": [
    {"id": "get", "method": "GET", "path": "/api/lamp/{name}", "scope": "lamp.read", "style": "kvmd", "safe": true,
     "timeout_ms": 1500, "operation": {"summary": "Reads"}},
    {"id": "set", "method": "POST", "path": "/api/lamp", "scope": "health.read", "body": "fields", "body_bytes_max": 99},
    {"id": "live", "kind": "websocket", "path": "/api/lamp/ws", "scope": "public"}
  ],
  "scopes": [{"name": "lamp.read", "description": "Read lamps", "role": "viewer"}],
  "needs": {"devices": [{"path": "/dev/lamp", "optional": true}], "paths": [{"path": "/srv/lamp", "write": true}, {"path": "/sys"}], "capabilities": ["CAP_SYS_TIME"],
            "network": true},
  "config": {"type": "object", "properties": {"level": {"type": "integer"}}},
  "single_instance": true
})";

ManifestOutcome parse(const std::string& text) {
  return parse_manifest(text, "/plugins/lamp.json");
}

// The good manifest with one text in it replaced.
ManifestOutcome with(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return parse(text.replace(at, from.size(), to));
}

TEST(Manifest, AGoodOneIsReadWhole) {
  const auto outcome = parse(kGood);
  ASSERT_TRUE(outcome.manifest) << outcome.problems.at(0).message();
  const Manifest& manifest = *outcome.manifest;
  EXPECT_EQ(manifest.id, "lamp");
  EXPECT_EQ(manifest.bytes, kGood);
  ASSERT_EQ(manifest.routes.size(), 3u);
  EXPECT_EQ(manifest.routes[0].style, exchange::kKvmdStyle);
  EXPECT_EQ(manifest.routes[0].timeout_ms, 1500);
  EXPECT_EQ(manifest.routes[0].operation_json, R"({"summary":"Reads"})");
  EXPECT_TRUE(manifest.routes[0].safe);
  EXPECT_EQ(manifest.routes[1].body, http::BodyKind::kFields);
  EXPECT_EQ(manifest.routes[1].body_bytes_max, 99u);
  EXPECT_EQ(manifest.routes[2].kind, http::RouteKind::kWebSocket);
  EXPECT_EQ(manifest.scopes[0].role, "viewer");
  EXPECT_TRUE(manifest.needs.devices[0].optional);
  ASSERT_EQ(manifest.needs.paths.size(), 2u);
  EXPECT_TRUE(manifest.needs.paths[0].write);
  EXPECT_FALSE(manifest.needs.paths[1].write);
  EXPECT_FALSE(manifest.needs.paths[1].optional);
  EXPECT_TRUE(manifest.needs.network);
  EXPECT_TRUE(manifest.single_instance);
  EXPECT_THAT(config::write_json(manifest.config_schema), HasSubstr("level"));
}

TEST(Manifest, FeedsHaveADepthAndThoseOfOthersAreNamedInFull) {
  std::string text = kGood;
  const std::string loop = "\"backplane.loop/1\"";
  text.replace(text.find(loop), loop.size(), loop + ", \"backplane.feed/1\"");
  const std::string network = "\"network\": true";
  text.replace(text.find(network), network.size(), R"("feeds": ["host/log", "camera_2/frames"])");
  const std::string single = "\"single_instance\"";
  text.replace(text.find(single), single.size(),
               R"("feeds": [{"id": "lines", "depth": 8192}, {"id": "x"}], )" + single);
  const auto outcome = parse(text);
  ASSERT_TRUE(outcome.manifest) << outcome.problems.at(0).message();
  ASSERT_EQ(outcome.manifest->feeds.size(), 2u);
  EXPECT_EQ(outcome.manifest->feeds[0].id, "lines");
  EXPECT_EQ(outcome.manifest->feeds[0].depth, 8192u);
  EXPECT_EQ(outcome.manifest->feeds[1].depth, feed::limits::kFeedDepthDefault);
  EXPECT_EQ(outcome.manifest->needs.feeds, (std::vector<std::string>{"host/log", "camera_2/frames"}));
}

struct Mistake {
  std::string name;
  std::string from;
  std::string to;
  std::string where;
  std::string text;
};
void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

class ManifestMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ManifestMistake, IsNamedWithFileAndPointer) {
  const auto outcome = with(GetParam().from, GetParam().to);
  EXPECT_FALSE(outcome.manifest);
  ASSERT_FALSE(outcome.problems.empty());
  bool found = false;
  for (const base::Problem& problem : outcome.problems) {
    found = found || (problem.where == "/plugins/lamp.json" + GetParam().where &&
                      problem.text.find(GetParam().text) != std::string::npos);
  }
  EXPECT_TRUE(found) << outcome.problems[0].message();
}

const Mistake kMistakes[] = {
    {"UnknownKey", "\"vendor\"", "\"vendr\"", "#/vendr", "did you mean"},
    {"UnknownRouteKey", "\"timeout_ms\"", "\"timeout\"", "#/routes/0/timeout", "is not a known key"},
    {"UnknownScopeKey", "\"role\": \"viewer\"", "\"role\": \"viewer\", \"x\": 1", "#/scopes/0/x", "is not a known key"},
    {"LaterKey", "\"single_instance\"", "\"inputs\": [], \"single_instance\"", "#/inputs", "is not a known key"},
    {"MissingVersion", "\"version\": \"1.2.0\", ", "", "", "\"version\" is missing"},
    {"OtherId", "\"id\": \"lamp\"", "\"id\": \"lamb\"", "#/id", "the file is named for \"lamp\""},
    {"BadId", "\"id\": \"lamp\"", "\"id\": \"Lamp_1\"", "#/id", "must be 1 to 64"},
    {"OtherAbi", "\"abi\": \"0.1\"", "\"abi\": \"1.0\"", "#/abi", "this host has 0.1"},
    {"NeededExtension", "\"needed\": [\"backplane.http/1\"]",
     "\"needed\": [\"backplane.http/1\", \"backplane.later/9\"]", "#/extensions/needed",
     "is not an extension of this host"},
    {"NoHttp", "\"needed\": [\"backplane.http/1\"]", "\"needed\": []", "#/extensions",
     "must name \"backplane.http/1\""},
    {"S10UnsafeGet", "\"safe\": true", "\"safe\": false", "#/routes/0/safe", "a GET route changes nothing"},
    {"UnknownScope", "\"scope\": \"lamp.read\"", "\"scope\": \"lamp.write\"", "#/routes/0/scope", "\"lamp.write\""},
    {"NoScope", "\"scope\": \"public\"", "\"safe\": true", "#/routes/2", "\"scope\" is missing"},
    {"BadPath", "/api/lamp/{name}", "/api/lamp/{name", "#/routes/0/path", ""},
    {"BadMethod", "\"method\": \"POST\"", "\"method\": \"HEAD\"", "#/routes/1/method", "must be one of"},
    {"BadStyle", "\"kvmd\"", "\"kvm\"", "#/routes/0/style", "did you mean"},
    {"BadBody", "\"body\": \"fields\"", "\"body\": \"form\"", "#/routes/1/body", "must be one of"},
    {"WrongType", "\"body_bytes_max\": 99", "\"body_bytes_max\": \"99\"", "#/routes/1/body_bytes_max", "whole number"},
    {"NegativeTimeout", "1500", "-1", "#/routes/0/timeout_ms", "from 1 to"},
    {"WebSocketBody", "\"kind\": \"websocket\"", "\"kind\": \"websocket\", \"body\": \"raw\"", "#/routes/2/kind",
     "a WebSocket is a GET without a body"},
    {"RouteTwice", "\"id\": \"set\"", "\"id\": \"get\"", "#/routes/1/id", "stands twice"},
    {"BadScopeName", "\"name\": \"lamp.read\"", "\"name\": \"Lamp\"", "#/scopes/0/name", "joined by dots"},
    {"HostScope", "\"name\": \"lamp.read\"", "\"name\": \"users.manage\"", "#/scopes/0/name", "is a scope of the host"},
    {"BadRole", "\"role\": \"viewer\"", "\"role\": \"guest\"", "#/scopes/0/role", "must be one of"},
    {"DeviceText", "{\"path\": \"/dev/lamp\", \"optional\": true}", "\"/dev/lamp\"", "#/needs/devices/0",
     "must be an object"},
    {"RelativePath", "/dev/lamp", "dev/lamp", "#/needs/devices/0/path", "must begin with '/'"},
    {"PathWithDots", "/srv/lamp", "/srv/../lamp", "#/needs/paths/0/path", "without a '.', '..' or empty part"},
    {"PathWithSlash", "/srv/lamp", "/srv/lamp/", "#/needs/paths/0/path", "without a '/' at its end"},
    {"PathTwice", "\"/sys\"", "\"/srv/lamp\"", "#/needs/paths/1/path", "stands twice"},
    {"WriteIsAText", "\"write\": true", "\"write\": \"yes\"", "#/needs/paths/0/write", "must be true or false"},
    {"DeviceWrite", "\"/dev/lamp\",", "\"/dev/lamp\", \"write\": true,", "#/needs/devices/0/write",
     "is not a known key"},
    {"Capability", "CAP_SYS_TIME", "CAP_SYS_TIM", "#/needs/capabilities",
     "\"CAP_SYS_TIM\" is no capability of Linux; did you mean \"CAP_SYS_TIME\"?"},
    {"FeedWithoutExtension", "\"single_instance\"", "\"feeds\": [{\"id\": \"lines\"}], \"single_instance\"",
     "#/extensions", "must name \"backplane.feed/1\""},
    {"FeedId", "\"single_instance\"", "\"feeds\": [{\"id\": \"Lines\"}], \"single_instance\"", "#/feeds/0/id",
     "must be 1 to 64"},
    {"FeedTwice", "\"single_instance\"", "\"feeds\": [{\"id\": \"a\"}, {\"id\": \"a\"}], \"single_instance\"",
     "#/feeds/1/id", "stands twice"},
    {"FeedDepth", "\"single_instance\"", "\"feeds\": [{\"id\": \"a\", \"depth\": 8193}], \"single_instance\"",
     "#/feeds/0/depth", "from 1 to 8192"},
    {"FeedToRead", "\"network\": true", "\"feeds\": [\"log\"]", "#/needs/feeds", "\"log\" is no feed"},
    {"BadSchema", "\"type\": \"integer\"", "\"type\": \"integer\", \"pattern\": \"x\"", "#/config", "pattern"},
    {"NotJson", "\"single_instance\": true", "\"single_instance\": ", "", "is not a manifest"},
    {"DuplicateKey", "\"vendor\": \"V\"", "\"id\": \"lamp\"", "", "is not a manifest"},
};
INSTANTIATE_TEST_SUITE_P(Each, ManifestMistake, testing::ValuesIn(kMistakes),
                         [](const auto& info) { return info.param.name; });

TEST(Manifest, AllMistakesAreNamedAtOnce) {
  std::string text = kGood;
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"abi\": \"0.1\"", "\"abi\": \"9.9\""},
                                 {"\"kvmd\"", "\"kvm\""},
                                 {"\"role\": \"viewer\"", "\"role\": \"guest\""}}) {
    text.replace(text.find(from), from.size(), to);
  }
  EXPECT_EQ(parse(text).problems.size(), 3u);
}

TEST(Manifest, EveryCutOfItIsRefusedWithoutHarm) {
  const std::string text = kGood;
  for (std::size_t size = 0; size < text.size() - 1; ++size) EXPECT_FALSE(parse(text.substr(0, size)).manifest) << size;
}

TEST(Manifest, AMissingFileIsNamed) {
  const auto outcome = read_manifest("/nonexistent/lamp.json");
  ASSERT_EQ(outcome.problems.size(), 1u);
  EXPECT_EQ(outcome.problems[0].where, "/nonexistent/lamp.json");
}

}  // namespace
}  // namespace backplane::plugin
