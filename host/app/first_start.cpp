#include "app/first_start.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>

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

}  // namespace backplane::app
