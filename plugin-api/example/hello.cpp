// The smallest plugin: GET /api/hello?name=… answers {"message": "Hello, …!"}.
#include <backplane/config.hpp>
#include <backplane/json.hpp>
#include <backplane/plugin.hpp>
#include <string>
#include <string_view>

namespace {

namespace sdk = backplane::sdk;

class Hello final : public sdk::Plugin {
 public:
  // The host has checked the configuration by the manifest's schema and filled in the defaults.
  explicit Hello(const sdk::Startup& startup)
      : Plugin(startup), greeting_(sdk::Config(startup.config_json).text("greeting")) {}

  void hello(const sdk::Request& request, sdk::Operation operation) {
    const std::string_view name = request.query("name").value_or("world");
    if (name.empty()) {
      operation.fail(400, "The name is empty.");
      return;
    }
    sdk::JsonWriter json;
    json.begin_object().key("message").string(greeting_ + ", " + std::string(name) + "!").end_object();
    operation.respond(sdk::Response::json(json.take()));
  }

  static constexpr sdk::Route<Hello> kRoutes[] = {{"hello", &Hello::hello}};

 private:
  std::string greeting_;
};

}  // namespace

BACKPLANE_PLUGIN(Hello);
