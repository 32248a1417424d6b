// Shows the random admin password of a first start to the person at the console, and to nobody else (security.md S-01).
#pragma once

#include "base/secret.hpp"

namespace backplane::app {

// Writes it to stdout; where stdout is the journal, to /dev/console instead, because a journal keeps what it is told.
void show_first_password(const base::Secret& password);

}  // namespace backplane::app
