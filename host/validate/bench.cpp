#include "validate/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plugin/links.hpp"
#include "runner/system_call_name.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {

namespace {

link::Settings settings_of(const plugin::Candidate& candidate, const std::filesystem::path& state_dir) {
  link::Settings settings = plugin::declared_settings(candidate);
  settings.log_level = base::Level::kDebug;  // answers in a wrong order are told there
  settings.info = {{"version", BACKPLANE_VERSION},
                   {"device_name", "validate"},
                   {"auth_enabled", "true"},
                   {"instance", candidate.instance}};
  settings.data_dir = state_dir / "plugins" / candidate.instance;
  return settings;
}

}  // namespace

Bench::Bench(plugin::Candidate candidate, std::filesystem::path state_dir, std::uint64_t seed, Report& report)
    : candidate_(std::move(candidate)),
      seed_(seed),
      random_(seed),
      report_(report),
      settings_(settings_of(candidate_, state_dir)),
      operations_(base::system_clock()),
      process_{.clock = base::system_clock(),
               .executor = loop_.executor(),
               .turn = turn_,
               .readiness = loop_,
               .runner = {plugin::runner_path()},
               .system_call_name = runner::system_call_name},
      trial_host_{loop_, operations_, process_, *candidate_.manifest,
                  base::system_clock().steady_ms() + limits::kValidateRunMs} {
  if (const auto problem = plugin::prepare_data_folder(settings_)) add(1, "state folder", failed(problem->message()));
}

Bench::~Bench() = default;

std::size_t Bench::add(int level, std::string name, Finding finding) {
  report_.checks.push_back({level, std::move(name), std::move(finding)});
  return report_.checks.size() - 1;
}

std::unique_ptr<Trial> Bench::make_trial(const std::string& config_json) const {
  link::Settings settings = settings_;
  settings.config_json = config_json;
  return std::make_unique<Trial>(trial_host_, std::move(settings));
}

std::string Bench::hopeless() const {
  if (crashes_ >= limits::kValidateCrashesMax) {
    return fmt::format("it broke {} times before; mend those first", crashes_);
  }
  if (base::system_clock().steady_ms() >= trial_host_.give_up_ms) {
    return fmt::format("the run has taken {} s", limits::kValidateRunMs / 1000);
  }
  return {};
}

Trial* Bench::running_trial(std::string& why_not) {
  if (trial_ && trial_->running() && trial_->blocked_text().empty()) return trial_.get();
  trial_ = make_trial(config_json());
  why_not = trial_->start();
  if (why_not.empty()) return trial_.get();
  ++crashes_;
  trial_.reset();
  return nullptr;
}

std::size_t Bench::check(int level, std::string name, const Body& body) {
  if (const std::string why = hopeless(); !why.empty()) return add(level, std::move(name), skipped(why));
  std::string why_not;
  Trial* trial = running_trial(why_not);
  if (trial == nullptr) return add(level, std::move(name), failed("a fresh process does not start: " + why_not));
  trial->forget_mistakes();
  doing_.clear();
  const std::uint64_t overruns = trial->overruns();
  Finding finding = body(*trial);
  if (auto found = aftermath(*trial, overruns)) finding = std::move(*found);
  if (trial_ && !trial_->running()) trial_.reset();  // the aftermath may have put it away
  return add(level, std::move(name), std::move(finding));
}

std::optional<Finding> Bench::aftermath(Trial& trial, std::uint64_t overruns_before) {
  auto lifeless = ask_for_life(trial);
  if (trial.lost()) {
    ++crashes_;
    return failed("its process ended: " + *trial.lost() + after_what(),
                  "run it under a debugger or with -fsanitize=address");
  }
  if (lifeless) {
    ++crashes_;
    trial_.reset();
    return lifeless;
  }
  if (!trial.heard().mistakes.empty()) {
    return failed(fmt::format("{}{}", fmt::join(trial.heard().mistakes, "; "), after_what()),
                  "catch it in the plugin, and answer each request once");
  }
  if (trial.overruns() != overruns_before) {
    return failed(
        fmt::format("it took messages too slowly or broke a limit of a stream: {} requests ended by OVERRUN{}",
                    trial.overruns() - overruns_before, after_what()),
        "do not block the plugin's thread, and write within the credit");
  }
  return std::nullopt;
}

std::optional<Finding> Bench::ask_for_life(Trial& trial) {
  if (!lively_) {
    trial.pause(limits::kValidateQuietMs);
    return std::nullopt;
  }
  const auto client = ask(trial, *lively_, plausible_plan(manifest().routes[*lively_]));
  if (client->answered()) return std::nullopt;
  const std::string blocked = trial.blocked_text();
  return failed(fmt::format("afterwards it did not answer {} within {} ms{}{}", describe(manifest().routes[*lively_]),
                            answer_ms(*lively_), blocked.empty() ? "" : ": " + blocked, after_what()),
                "do not block the plugin's thread: run_blocking is for that");
}

std::vector<std::size_t> Bench::routes(const std::function<bool(const plugin::ManifestRoute&)>& picks) const {
  std::vector<std::size_t> picked;
  const std::size_t count = std::min(manifest().routes.size(), limits::kValidateRoutesMax);
  for (std::size_t route = 0; route < count; ++route) {
    if (!silent_.contains(route) && picks(manifest().routes[route])) picked.push_back(route);
  }
  return picked;
}

void Bench::set_answers(std::size_t route) {
  const plugin::ManifestRoute& declared = manifest().routes[route];
  const bool plain = declared.kind == http::RouteKind::kHttp && declared.safe;
  if (!lively_ && plain) lively_ = route;
}

std::int64_t Bench::answer_ms(std::size_t route) const {
  return std::min(manifest().routes[route].timeout_ms, limits::kValidateAnswerMs);
}

std::shared_ptr<Client> Bench::ask(Trial& trial, std::size_t route, const RequestPlan& plan) {
  auto client = trial.send(route, plan);
  const http::BodyKind body = manifest().routes[route].body;
  if (body == http::BodyKind::kRaw || body == http::BodyKind::kParts) {
    client->upload({}, true);
    trial.body_sent(*client);
  }
  trial.wait([&] { return client->answered() || client->over(); }, answer_ms(route) + limits::kValidateSpareMs);
  if (client->answered()) trial.wait([&] { return client->over(); }, limits::kValidateStreamMs);
  if (!client->over()) client->leave();
  return client;
}

std::string Bench::wait_for(Trial& trial, const std::vector<std::shared_ptr<Client>>& clients, std::size_t route) {
  const auto has_answer = [](const auto& client) { return client->answered() || client->over(); };
  trial.wait([&] { return std::all_of(clients.begin(), clients.end(), has_answer); },
             answer_ms(route) + limits::kValidateSpareMs);
  if (!trial.running()) return "its process ended";  // the check says why
  const auto without = std::count_if(clients.begin(), clients.end(), [](const auto& one) { return !one->answered(); });
  for (const auto& client : clients) {
    if (!client->over()) client->leave();
  }
  if (without == 0) return {};
  return fmt::format("{}: {} of {} requests had no answer within {} ms", describe(manifest().routes[route]), without,
                     clients.size(), answer_ms(route));
}

}  // namespace backplane::validate
