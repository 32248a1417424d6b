#include "app/app.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

#include "app/host_routes.hpp"
#include "app/listeners.hpp"
#include "auth/user_changes.hpp"
#include "base/log.hpp"
#include "login/doors.hpp"
#include "net/limits.hpp"
#include "op/limits.hpp"
#include "plugin/limits.hpp"
#include "plugin/scope_grants.hpp"
#include "runner/system_call_name.hpp"

namespace backplane::app {

namespace asio = boost::asio;
using base::Level;
using base::log;

namespace {

constexpr int kTicksPerAuthTick = 4;  // about once a second

std::string device_name(const config::Settings& settings) {
  if (!settings.device.name.empty()) return settings.device.name;
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "backplane";
}

// As many connections as the process may open files, less what its plugins and its store open.
std::size_t connections_within_descriptors() {
  constexpr rlim_t kDescriptorsOfOthersMax = 512;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return net::limits::kConnectionsMax;
  const rlim_t room = limit.rlim_cur - std::min(kDescriptorsOfOthersMax, limit.rlim_cur / 4);
  if (room >= net::limits::kConnectionsMax) return net::limits::kConnectionsMax;
  base::log(Level::kWarning,
            "room for {} connections, and not {}: the process may open {} files; raise LimitNOFILE= of the unit, or "
            "ulimit -n, to {}",
            room, net::limits::kConnectionsMax, limit.rlim_cur, net::limits::kConnectionsMax + kDescriptorsOfOthersMax);
  return room;
}

}  // namespace

App::App(AppOptions app_options, config::Settings loaded, StartUp found)
    : options_(std::move(app_options)),
      settings_(std::move(loaded)),
      peers_(std::move(found.peers)),
      lock_(std::move(found.lock)),
      store_(std::move(found.store), executor_),
      log_feed_(feeds_, executor_, std::move(found.log_lines)),
      process_host_{.clock = clock_,
                    .executor = executor_,
                    .turn = loop_.turn(),
                    .readiness = loop_.readiness(),
                    .runner = {plugin::runner_path()},
                    .system_call_name = runner::system_call_name},
      supervisor_(clock_, router_, feeds_, supervisor_options()),
      authenticator_(store_, found.state, executor_, clock_,
                     {.profile = password_profile(settings_.auth),
                      .throttle = settings_.auth.throttle,
                      .unix_peers = peers_,
                      .roles = settings_.roles.names(),
                      .scopes = [this](const std::string& role) { return scopes_of(role); }}),
      services_{.io = loop_.context(),
                .readiness = loop_.readiness(),
                .clock = clock_,
                .router = router_,
                .answers = answers_,
                .gate = authenticator_,
                .operations = operations_,
                .client_address = net::ClientAddress(settings_.trusted_proxies),
                .is_plugin = [this](std::int64_t pid) { return supervisor_.owns_process(static_cast<pid_t>(pid)); },
                .logs_access = settings_.log.access},
      server_(services_, connections_within_descriptors()),
      signals_(loop_.context()),
      ticker_(loop_.context()) {
  // What a session had open ends with it, and what a user had open who came without one (S-13).
  authenticator_.sessions().on_ended([this](const auth::Session& session, auth::SessionEnd) {
    revoke([&session](const exchange::Principal& who) { return who.session == session.id; });
  });
  authenticator_.users().on_changed([this](const auth::User& user) {
    revoke([&user](const exchange::Principal& who) { return who.uid == user.uid; });
  });
}

plugin::Supervisor::Options App::supervisor_options() {
  return {.thread_link = plugin::thread_links(clock_, executor_, loop_.turn()),
          .process_link = plugin::process_links(process_host_, options_.state_dir),
          .plugin_dirs = settings_.plugin_dirs,
          .state_dir = options_.state_dir,
          .info = {{"version", BACKPLANE_VERSION},
                   {"device_name", device_name(settings_)},
                   {"auth_enabled", "true"},
                   {"compat.kvmd.api_version", std::to_string(settings_.compat.kvmd.api_version)}},
          .notice =
              [this](std::string_view event, const std::string& instance, const std::string& text) {
                authenticator_.audit().note({.event = event, .user = {}, .detail = instance + ": " + text});
              },
          .changed = [this](const std::string& instance) { answers_.forget_owner(instance); },
          .scopes_changed = [this] { rights_changed(); }};
}

// Roles may have other scopes now, by their file or by what plugins have brought.
void App::rights_changed() {
  authenticator_.reload(settings_.roles.names(), peers_, settings_.auth.throttle);
  // What was opened under a scope that the role has lost ends (S-13).
  revoke([this](const exchange::Principal& who) {
    const auto scopes = scopes_of(who.role);
    return !std::includes(scopes.begin(), scopes.end(), who.scopes.begin(), who.scopes.end());
  });
}

void App::revoke(const std::function<bool(const exchange::Principal&)>& whose) {
  operations_.end_if(
      [&whose](const op::Operation& operation) {
        const auto& who = operation.request().principal;
        return who && !operation.outlives_session() && whose(*who);
      },
      op::End::kRevoked);
}

std::vector<std::string> App::scopes_of(const std::string& role) const {
  return plugin::granted_scopes(settings_.roles, role, supervisor_.scopes());
}

base::Checked<void> App::listen(std::vector<net::ListenerSpec> specs) {
  for (net::ListenerSpec& spec : specs) {
    auto listener = server_.listen(std::move(spec));
    if (!listener) return listener.error();
  }
  return {};
}

void App::load_plugins() {
  supervisor_.set_error_styles(login::door_styles(settings_.compat));
  supervisor_.load(settings_.plugins);
  rights_changed();
}

void App::publish_routes() {
  auto routes = host_routes({.settings = settings_,
                             .authenticator = authenticator_,
                             .supervisor = supervisor_,
                             .router = router_,
                             .store = store_,
                             .metrics = [this] { return host_metrics(services_, server_, authenticator_); },
                             .device_name = device_name(settings_)});
  report(router_.replace_owner("host", std::move(routes)), Level::kError);
}

int App::run() {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals_.add(number);
  wait_for_signals();
  tick();
  supervisor_.start([this] {
    if (!stopping_) serve();
  });
  loop_.run();
  return 0;
}

void App::serve() {
  malloc_trim(0);  // what only start-up needed
  server_.start();
  for (const auto& listener : server_.listeners()) {
    const char* scheme = !listener->spec().unix_path.empty() ? "" : listener->tls() ? "https://" : "http://";
    log(Level::kInfo, "serving {}{}", scheme, listener->spec().name());
  }
}

void App::wait_for_signals() {
  signals_.async_wait(net::within(signal_memory_, [this](const boost::system::error_code& error, int number) {
    if (error) return;
    wait_for_signals();
    if (number == SIGHUP) return reload();
    stop_asked_ = true;
    stop();
  }));
}

void App::tick() {
  ticker_.expires_after(std::chrono::milliseconds(op::limits::kTickMs));
  ticker_.async_wait(net::within(tick_memory_, [this](const boost::system::error_code& error) {
    if (!error) tick();
  }));
  if (stop_asked_) stop();  // again, if there was no memory for it
  supervisor_.tick();
  if (stopping_) operations_.end_idle_streams();
  if (++ticks_ % kTicksPerAuthTick == 0) authenticator_.tick();
}

void App::reload() {
  const bool accepted = reloader_.post([this] {
    auto loaded = std::make_shared<config::LoadOutcome>(config::load(options_.config_file));
    executor_([this, loaded] { apply(std::move(*loaded)); });
  });
  if (!accepted) log(Level::kWarning, "the reload that waits will read the same files; this one is left out");
}

// A bad new file changes nothing and says why.
void App::apply(config::LoadOutcome loaded) {
  if (stopping_) return;
  auto peers = loaded.settings ? unix_peers(*loaded.settings) : base::Checked<UnixPeers>(UnixPeers());
  if (!peers) loaded.problems.push_back(peers.error());
  if (!loaded.problems.empty()) {
    report(loaded.problems, Level::kError);
    log(Level::kError, "the configuration was not reloaded; the present one stays in force");
    return;
  }
  for (const std::string& key : keep_until_restart(settings_, *loaded.settings)) {
    log(Level::kWarning, "{}: the change takes effect at the next start; restart the daemon", key);
  }
  settings_ = std::move(*loaded.settings);
  peers_ = std::move(*peers);
  base::set_log_level(settings_.log.level);
  services_.logs_access = settings_.log.access;
  services_.client_address = net::ClientAddress(settings_.trusted_proxies);
  rights_changed();
  publish_routes();
  supervisor_.set_error_styles(login::door_styles(settings_.compat));
  report(server_.reload_certificates(), Level::kError);
  supervisor_.reload(settings_.plugins, [](const std::vector<base::Problem>& problems) {
    report(problems, Level::kWarning);
    log(Level::kInfo, "the configuration was reloaded");
  });
}

void App::stop() {
  if (stopping_) return;
  log(Level::kInfo, "stopping");
  feeds_.end_clients();
  server_.drain(plugin::limits::kDrainMs, [this] { supervisor_.stop([this](bool clean) { stopped(clean); }); });
  stopping_ = true;
}

void App::stopped(bool clean) {
  authenticator_.flush();
  // The flush is in the store's queue: what is asked behind it comes after it.
  store_.run<bool>(
      [](store::Store&) { return base::Checked<bool>(true); },
      [this, clean](const base::Checked<bool>&) {
        if (!clean) {
          log(Level::kError, "a plugin did not stop in time; leaving without it");
          base::flush_log();
          ::_exit(1);  // its thread still uses what a normal exit takes down; the store has all it was given
        }
        log(Level::kInfo, "stopped");
        loop_.stop();
      });
}

}  // namespace backplane::app
