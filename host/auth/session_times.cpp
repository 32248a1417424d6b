#include "auth/session_times.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace backplane::auth {

Session from_row(const store::SessionRow& row, const base::Clock& clock, const std::string& boot_id) {
  Session session;
  BP_CHECK(row.token_hash.size() == session.token_hash.size());
  std::copy(row.token_hash.begin(), row.token_hash.end(), session.token_hash.begin());
  std::int64_t shift = 0;
  if (row.boot_id != boot_id || boot_id.empty()) {
    const std::int64_t passed = std::max<std::int64_t>(clock.wall_ms() - row.saved_wall_ms, 0);
    shift = clock.boot_ms() - passed - row.saved_boot_ms;
  }
  session.id = row.id;
  session.uid = row.uid;
  session.generation = row.generation;
  session.door = row.door;
  session.created_wall_ms = row.created_ms;
  // A deadline may land on 0 or before it, on a clock that starts at 0; 0 would mean none.
  session.deadline_boot_ms = row.deadline_boot_ms == 0 ? 0 : row.deadline_boot_ms + shift;
  if (row.deadline_boot_ms != 0 && session.deadline_boot_ms == 0) session.deadline_boot_ms = -1;
  session.idle_ms = row.idle_ms;
  session.dies_with_boot = row.dies_with_boot;
  session.last_hit_boot_ms = row.last_hit_boot_ms + shift;
  session.written_hit_boot_ms = session.last_hit_boot_ms;
  session.origin = row.origin;
  session.user_agent = row.user_agent;
  return session;
}

}  // namespace backplane::auth
