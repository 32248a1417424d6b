// A plugin that answers late (GET /api/slow?ms=…), holds a stream open for ever, and takes a new word by
// configuration: "restart" and "wrong" are words that it refuses.
#include <backplane/config.hpp>
#include <backplane/plugin.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace sdk = backplane::sdk;

class Slow final : public sdk::Plugin {
 public:
  explicit Slow(const sdk::Startup& startup)
      : Plugin(startup),
        word_(sdk::Config(startup.config_json).text("word")),
        stops_(sdk::Config(startup.config_json).boolean("stops")) {}

  void on_config(sdk::Done done, std::string_view config_json) override {
    std::string word(sdk::Config(config_json).text("word"));
    if (word == "restart") {
      done.answer(BP_E_UNSUPPORTED);
    } else if (word == "wrong") {
      done.answer(BP_E_INVALID, "that word is taken");
    } else {
      word_ = std::move(word);
      done.ok();
    }
  }

  void stop(sdk::Done done) override {
    if (stops_) {
      done.ok();
    } else {
      kept_.emplace(std::move(done));
    }
  }

  void late(const sdk::Request& request, sdk::Operation operation) {
    const std::string_view text = request.query("ms").value_or("0");
    int delay_ms = 0;
    std::from_chars(text.data(), text.data() + text.size(), delay_ms);
    loop().set_timer(++timer_, std::chrono::milliseconds(delay_ms), std::chrono::milliseconds(0),
                     [operation] { operation.respond(sdk::Response::text("late")); });
    host().info("asked to be late");
  }

  void stream(const sdk::Request&, sdk::Operation operation) {
    operation.begin(sdk::Response().content_type("text/plain"));
    operation.write("open");
  }

  void word(const sdk::Request&, sdk::Operation operation) { operation.respond(sdk::Response::text(word_)); }

  static constexpr sdk::Route<Slow> kRoutes[] = {
      {"late", &Slow::late}, {"stream", &Slow::stream}, {"word", &Slow::word}};

 private:
  std::string word_;
  bool stops_;
  std::optional<sdk::Done> kept_;
  bp_cookie timer_ = 0;
};

}  // namespace

BACKPLANE_PLUGIN(Slow);
