#include "app/start_up.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "auth/user_changes.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"

namespace backplane::app {

void show_first_password(const base::Secret& password) {
  const std::string text = "\nadmin password: " + password.reveal() + "\n(shown once; valid until it is replaced)\n\n";
  base::UniqueFd console;
  int target = STDOUT_FILENO;
  if (base::is_journal(STDOUT_FILENO)) {
    console = base::UniqueFd(::open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC));
    target = console.get();
  }
  if (target < 0 || ::write(target, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    base::log(base::Level::kWarning,
              "the admin password of this first start could not be shown; set one with: backplanectl user set-password "
              "admin");
  }
}

auth::PasswordProfile password_profile(const config::AuthSettings& settings) {
  return settings.passwords == config::PasswordProfile::kSmall ? auth::kSmallProfile : auth::kDefaultProfile;
}

void report(const std::vector<base::Problem>& problems, base::Level level) {
  for (const base::Problem& problem : problems) base::log(level, "{}", problem.message());
}

base::Checked<StartUp> read_start_up(const AppOptions& options, const config::Settings& settings) {
  auto lock = store::StateLock::acquire(options.state_dir, control_socket(settings, options.state_dir));
  if (!lock) return lock.error();
  auto store = store::Store::open(options.state_dir);
  if (!store) return store.error();
  auto peers = unix_peers(settings);
  if (!peers) return peers.error();
  auto listeners = listener_specs(settings, options.state_dir);
  if (!listeners) return listeners.error();
  auto first_password = auth::ensure_first_admin(*store, password_profile(settings.auth), base::system_clock());
  if (!first_password) return first_password.error();
  if (*first_password) show_first_password(**first_password);
  auto state = auth::read_state(*store, base::system_clock());
  if (!state) return state.error();
  return StartUp{std::move(*lock), std::move(*store), std::move(*state), std::move(*peers), std::move(*listeners)};
}

}  // namespace backplane::app
