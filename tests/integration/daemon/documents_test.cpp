// What the daemon hands to other programs: its OpenAPI document to clients, its unit to systemd.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cctype>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

const std::set<std::string_view> kMethods = {"get", "put", "post", "delete", "patch", "head", "options"};

class OpenApi : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    daemon_ = std::make_unique<Daemon>(Daemon::Options{
        .plugins = "{ kvm-info: {}, slow: { isolation: thread, mount: /mounted } }", .plugin_dir = all_plugin_dirs()});
  }
  static void TearDownTestSuite() { daemon_.reset(); }
  void SetUp() override {
    const Reply reply = daemon_->client().get("/api/openapi.json", daemon_->as_admin());
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type").rfind("application/json", 0), 0u);
    text_ = reply.body;
    ASSERT_EQ(parser_.parse(text_).get(document_), simdjson::SUCCESS) << text_;
  }
  // Calls `look(path, method, operation)` for each operation.
  template <class Look>
  void for_each_operation(Look look) {
    object paths;
    ASSERT_EQ(document_["paths"].get(paths), simdjson::SUCCESS);
    for (const auto& [path, methods] : paths) {
      object item;
      ASSERT_EQ(methods.get(item), simdjson::SUCCESS) << path;
      for (const auto& [method, operation] : item) look(path, method, operation);
    }
  }

  static std::unique_ptr<Daemon> daemon_;
  std::string text_;
  simdjson::dom::parser parser_;
  element document_;
};

std::unique_ptr<Daemon> OpenApi::daemon_;

TEST_F(OpenApi, is_a_3_1_document_with_its_required_members) {
  EXPECT_EQ(std::string_view(document_["openapi"]).substr(0, 4), "3.1.");
  EXPECT_FALSE(std::string_view(document_["info"]["title"]).empty());
  EXPECT_EQ(std::string_view(document_["info"]["version"]), BACKPLANE_VERSION);
  EXPECT_TRUE(document_["paths"].is_object());
  EXPECT_TRUE(document_["components"]["securitySchemes"].is_object());
  const std::set<std::string_view> allowed = {"openapi",  "info",       "jsonSchemaDialect", "servers", "paths",
                                              "webhooks", "components", "security",          "tags",    "externalDocs"};
  for (const auto& [key, value] : object(document_)) EXPECT_TRUE(allowed.contains(key) || key.starts_with("x-")) << key;
}

TEST_F(OpenApi, every_operation_has_answers_a_number_of_its_own_and_its_path_parameters) {
  std::set<std::string> ids;
  std::size_t operations = 0;
  for_each_operation([&](std::string_view path, std::string_view method, element operation) {
    ++operations;
    const std::string name = std::string(method) + " " + std::string(path);
    EXPECT_TRUE(path.starts_with('/')) << name;
    EXPECT_TRUE(kMethods.contains(method)) << name;
    object answers;
    EXPECT_EQ(operation["responses"].get(answers), simdjson::SUCCESS) << name;
    EXPECT_GT(answers.size(), 0u) << name;
    std::string_view id;
    EXPECT_EQ(operation["operationId"].get(id), simdjson::SUCCESS) << name;
    EXPECT_TRUE(ids.emplace(id).second) << "twice: " << id;
    std::set<std::string_view> declared;
    simdjson::dom::array parameters;
    if (operation["parameters"].get(parameters) == simdjson::SUCCESS) {
      for (const element parameter : parameters) {
        if (std::string_view(parameter["in"]) != "path") continue;
        EXPECT_TRUE(bool(parameter["required"])) << name;
        declared.insert(parameter["name"]);
      }
    }
    std::set<std::string_view> used;
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
      used.insert(path.substr(at + 1, path.find('}', at) - at - 1));
    }
    EXPECT_EQ(declared, used) << name;
  });
  EXPECT_GE(operations, 15u);
}

TEST_F(OpenApi, every_reference_leads_somewhere) {
  for (std::size_t at = text_.find("\"$ref\""); at != std::string::npos; at = text_.find("\"$ref\"", at + 1)) {
    const std::size_t begin = text_.find("#/", at) + 1;
    const std::string pointer = text_.substr(begin, text_.find('"', begin) - begin);
    EXPECT_EQ(document_.at_pointer(pointer).error(), simdjson::SUCCESS) << pointer;
  }
}

TEST_F(OpenApi, every_named_security_scheme_exists) {
  for_each_operation([&](std::string_view path, std::string_view, element operation) {
    simdjson::dom::array ways;
    ASSERT_EQ(operation["security"].get(ways), simdjson::SUCCESS) << path;
    for (const element way : ways) {
      for (const auto& [scheme, scopes] : object(way)) {
        EXPECT_EQ(document_["components"]["securitySchemes"][scheme].error(), simdjson::SUCCESS) << scheme;
      }
    }
  });
}

TEST_F(OpenApi, holds_the_routes_of_the_host_and_of_every_plugin) {
  const std::pair<const char*, const char*> host[] = {{"/", "get"},
                                                      {"/login", "get"},
                                                      {"/api/auth/login", "post"},
                                                      {"/api/auth/check", "get"},
                                                      {"/api/auth/logout", "post"},
                                                      {"/api/openapi.json", "get"},
                                                      {"/api/v1/plugins", "get"},
                                                      {"/api/v1/health", "get"},
                                                      {"/metrics", "get"},
                                                      {"/api/v1/users", "get"},
                                                      {"/api/v1/users", "post"},
                                                      {"/api/v1/users/{name}", "delete"},
                                                      {"/api/v1/users/{name}/password", "put"}};
  for (const auto& [path, method] : host) {
    EXPECT_EQ(document_["paths"][path][method].error(), simdjson::SUCCESS) << method << " " << path;
  }
  EXPECT_EQ(document_["paths"]["/mounted/api/slow"]["get"].error(), simdjson::SUCCESS) << "below its mount";
  const std::string plugins = daemon_->client().get("/api/v1/plugins", daemon_->as_admin()).body;
  simdjson::dom::parser parser;
  std::size_t routes = 0;
  for (const element plugin : simdjson::dom::array(parser.parse(plugins)["plugins"])) {
    for (const element route : simdjson::dom::array(plugin["routes"])) {
      ++routes;
      std::string method{std::string_view(route["method"])};
      for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      EXPECT_EQ(document_["paths"][std::string_view(route["path"])][method].error(), simdjson::SUCCESS)
          << simdjson::minify(route);
    }
  }
  EXPECT_GE(routes, 5u);
}

TEST_F(OpenApi, what_it_calls_open_is_open_and_the_rest_asks_for_a_credential) {
  for_each_operation([&](std::string_view path, std::string_view method, element operation) {
    if (method != "get" || path.find('{') != std::string_view::npos) return;
    const bool open = simdjson::dom::array(operation["security"]).size() == 0;
    const int status = daemon_->client().get(std::string(path)).status;
    EXPECT_EQ(status, open ? 200 : 401) << path;
  });
}

TEST(Unit, systemd_finds_nothing_wrong_with_it) {
  const std::string verify = "/usr/bin/systemd-analyze";
  if (!std::filesystem::exists(verify)) GTEST_SKIP() << "needs systemd-analyze";
  // The programs that it names lie elsewhere before they are installed.
  const TemporaryDirectory directory;
  std::string unit = read_file(SYSTEMD_UNIT);
  ASSERT_FALSE(unit.empty());
  const std::string installed = "=/usr/bin/backplaned ";
  for (std::size_t at = unit.find(installed); at != std::string::npos; at = unit.find(installed)) {
    unit.replace(at, installed.size(), std::string("=") + BACKPLANED + " ");
  }
  const Ended ended = run_program({verify, "verify", "--man=no", directory.write("backplaned.service", unit)});
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_EQ(ended.output.find("backplaned.service"), std::string::npos) << ended.output;
}

}  // namespace
}  // namespace backplane::support
