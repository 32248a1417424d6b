// Moments of a stored session, translated to the boot clock of now.
#pragma once

#include "auth/sessions.hpp"
#include "store/records.hpp"

namespace backplane::auth {

// A session as the store has it, with its moments on this boot's clock. Within one boot the boot clock decides. Across
// boots the wall clock says how long the machine was off; where that went backwards (a board without a battery clock)
// no time counts as passed.
Session from_row(const store::SessionRow& row, const base::Clock& clock, const std::string& boot_id);

}  // namespace backplane::auth
