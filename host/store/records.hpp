// The rows of the store as plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.hpp"

namespace backplane::store {

struct UserRow {
  std::int32_t uid = 0;  // from 1, never used again after a deletion
  std::string name;
  std::string role;
  std::string hash;  // encoded argon2id; empty: no password opens this account
  bool enabled = false;
  std::int64_t generation = 1;  // grows with every change that must end what the user has open
  std::int64_t created_ms = 0;  // wall clock
  std::int64_t password_changed_ms = 0;
  std::string totp_key;  // 20 bytes; empty: no second factor
  // The steps whose codes have made a session, latest last, at most kTotpSpentMax. Not only the greatest: a login while
  // the clock is ahead must not lock the user out until that time has come.
  std::vector<std::int64_t> totp_spent;
};

// A key that tokens are signed with.
struct TokenKeyRow {
  std::int64_t id = 0;  // given by the store, never used again
  base::Secret key;
  std::int64_t created_ms = 0;  // wall clock
};

// One line of the audit log.
struct AuditRow {
  std::int64_t id = 0;  // given by the store, growing
  std::int64_t wall_ms = 0;
  std::string event;    // "login", "logout", "login.refused", "user.added", …
  std::string user;     // who did it, or tried to; escaped and cut where it came from a stranger
  std::string address;  // of the client; empty: a Unix socket, or the daemon itself
  std::string door;     // its name, or "request"; empty if no door is involved
  std::string detail;   // for people
};

// A user has logged in from there.
struct KnownLoginRow {
  std::string user;
  std::string address;
};

// Moments named boot_ms are on the boot clock of `boot_id`; the pair saved_boot_ms and saved_wall_ms is one moment read
// on both clocks, so that a later boot can translate the others.
struct SessionRow {
  std::uint64_t id = 0;    // random, 1 to 2^53 - 1: exact as a JSON number everywhere
  std::string token_hash;  // 32 bytes, SHA-256 of the token
  std::int32_t uid = 0;
  std::int64_t generation = 0;  // the user's when the session was made
  std::string door;
  std::int64_t created_ms = 0;        // wall clock
  std::int64_t deadline_boot_ms = 0;  // 0: none
  std::int64_t idle_ms = 0;           // 0: no idle limit
  bool dies_with_boot = false;        // not taken over by another boot
  std::string boot_id;
  std::int64_t saved_boot_ms = 0;
  std::int64_t saved_wall_ms = 0;
  std::int64_t last_hit_boot_ms = 0;
  std::int64_t totp_step = 0;  // the step whose code made it, to be spent with it; 0: none. Not kept
  std::string origin;          // client address without port; empty on a Unix socket
  std::string user_agent;
};

}  // namespace backplane::store
