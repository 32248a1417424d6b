// kvm-info: GET /api/info and kvmd's export for Prometheus. Entry and routes only; the facts come from the parts beside
// this file.
#include <backplane/plugin.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kvm-info/extras.hpp"
#include "kvm-info/fields.hpp"
#include "kvm-info/info.hpp"
#include "kvm-info/limits.hpp"
#include "kvm-info/settings.hpp"

namespace backplane::kvm_info {
namespace {

class KvmInfo final : public sdk::Plugin {
 public:
  explicit KvmInfo(const sdk::Startup& startup) : Plugin(startup), settings_(parse_settings(startup.config_json)) {}

  void start(sdk::Done done) override {
    facts_.api_version = host().fact("compat.kvmd.api_version") == "3" ? 3 : 4;
    facts_.auth_enabled = host().fact("auth_enabled") != "false";
    apply();
    done.ok();
  }

  void stop(sdk::Done done) override {
    loop().cancel_timer(kRefreshTimer);
    done.ok();
  }

  void on_config(sdk::Done done, std::string_view config_json) override {
    try {
      settings_ = parse_settings(config_json);
    } catch (const std::invalid_argument& problem) {
      done.answer(BP_E_INVALID, problem.what());
      return;
    }
    apply();
    done.ok();
  }

  void get_info(const sdk::Request& request, sdk::Operation operation) {
    const auto selected = select_fields(facts_.api_version, request.query("fields"), request.query("legacy"));
    if (!selected) {
      operation.fail(selected.failure());
      return;
    }
    std::string body = dialects::kvmd::answer(info_->describe(*selected));
    show_health();  // the meta file may have come or gone
    operation.respond(
        sdk::Response().body("application/json; charset=utf-8", std::move(body)).fresh_ms(settings_.fresh_ms));
  }

  void get_metrics(const sdk::Request&, sdk::Operation operation) {
    std::string text;
    append_metrics(text, "pikvm_hw", info_->health());
    append_metrics(text, "pikvm_fan", info_->fan());
    operation.respond(sdk::Response::text(std::move(text)).fresh_ms(kMetricsFreshMs));
  }

  static constexpr sdk::Route<KvmInfo> kRoutes[] = {{"info", &KvmInfo::get_info}, {"metrics", &KvmInfo::get_metrics}};

 private:
  static constexpr bp_cookie kRefreshTimer = 1;

  struct Collected {
    Extras extras;
    std::string bus_problem;
  };

  // Takes new settings into use. The manifests are read at once, so that the first answer names every extra; what
  // systemd says of them follows as soon as it has said it.
  void apply() {
    info_.emplace(settings_, facts_);
    loop().cancel_timer(kRefreshTimer);
    ++settings_number_;
    extras_problems_.clear();
    if (!settings_.extras_dir.empty()) start_extras();
    show_health();
  }

  void start_extras() {
    set_extras(read_extras(settings_.extras_dir, settings_.ports));
    refresh_extras();
    const std::chrono::milliseconds period(settings_.extras_refresh_ms);
    loop().set_timer(kRefreshTimer, period, period, [this] { refresh_extras(); });
  }

  // One collection at a time: a slow bus delays the next one, never an answer.
  void refresh_extras() {
    if (collecting_) return;
    const bp_status status = loop().run_blocking(
        [directory = settings_.extras_dir, ports = settings_.ports] { return collect(directory, ports); },
        [this, number = settings_number_](Collected collected) { take(std::move(collected), number); });
    collecting_ = status == BP_OK;
  }

  // Beside the plugin's thread. It throws nothing, since a collection that never reports back would be the last.
  static Collected collect(const std::string& directory, const Value::Object& ports) noexcept {
    Collected collected;
    try {
      collected.extras = read_extras(directory, ports);
      UnitStates units = query_units(daemons(collected.extras.value), "", kUnitQueryMsMax);
      apply_unit_states(collected.extras.value, units.states);
      collected.bus_problem = std::move(units.problem);
    } catch (const std::exception& problem) {
      collected.extras = {nullptr, {directory + ": " + problem.what()}};
    }
    return collected;
  }

  void take(Collected collected, std::uint64_t settings_number) {
    collecting_ = false;
    if (settings_number != settings_number_) {  // the configuration changed meanwhile
      if (!settings_.extras_dir.empty()) refresh_extras();
      return;
    }
    if (collected.bus_problem != bus_problem_) {
      bus_problem_ = collected.bus_problem;
      if (!bus_problem_.empty()) host().info(bus_problem_ + "; all extras are shown as not started");
    }
    set_extras(std::move(collected.extras));
    show_health();
  }

  void set_extras(Extras extras) {
    extras_problems_ = std::move(extras.problems);
    info_->set_extras(std::move(extras.value));
  }

  // Degraded only where the configuration names something that is not there; reported when it changes.
  void show_health() {
    std::string text;
    const auto add = [&text](const std::string& problem) { text += (text.empty() ? "" : "; ") + problem; };
    for (const std::string& problem : info_->missing()) add(problem);
    for (const std::string& problem : extras_problems_) add(problem);
    if (health_shown_ == text) return;
    host().set_state(text.empty() ? sdk::State::kRunning : sdk::State::kDegraded, text);
    if (!text.empty()) host().warning(text);
    health_shown_ = std::move(text);
  }

  Settings settings_;
  HostFacts facts_;
  std::optional<Info> info_;
  std::uint64_t settings_number_ = 0;  // tells a collection for older settings from one for these
  bool collecting_ = false;
  std::vector<std::string> extras_problems_;
  std::string bus_problem_;
  std::string health_shown_;
};

}  // namespace
}  // namespace backplane::kvm_info

using backplane::kvm_info::KvmInfo;
BACKPLANE_PLUGIN(KvmInfo);
