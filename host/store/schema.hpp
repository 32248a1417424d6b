// The tables, as a list of steps from each version to the next; user_version says how many have been taken.
#pragma once

#include "base/result.hpp"
#include "store/database.hpp"

namespace backplane::store {

// Brings the database to this program's version, each step in a transaction of its own. A database of a newer program
// is refused with kUnsupported and left alone.
base::Checked<void> migrate(Database& database);

}  // namespace backplane::store
