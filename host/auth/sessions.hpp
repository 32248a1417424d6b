// The one registry of sessions, for all doors: a token is only a reference into it, and what is not here is not logged
// in. In memory for every request, in the store for the next start.
//
// A token is 32 random bytes, shown as 64 hex digits. Neither memory nor disk keeps it: both know its SHA-256, which is
// also the key of the look-up, so what an attacker learns from the time of one says nothing about a token. A plain hash
// is enough because the token has 256 random bits.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/crypto/digest.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "exchange/request.hpp"
#include "store/records.hpp"
#include "store/store_thread.hpp"

namespace backplane::auth {

// What a door wants of a new session (contracts/README.md "tokens").
struct SessionRequest {
  std::int32_t uid = 0;
  std::int64_t generation = 0;  // the user's, when the credential was verified
  std::string door;
  std::int64_t lifetime_s = 0;  // absolute; 0: none
  std::int64_t idle_s = 0;      // 0: no idle limit
  bool dies_with_boot = false;
  std::int64_t totp_step = 0;  // spent with it; 0: none
  std::string origin;
  std::string user_agent;
};

struct Session {
  Digest token_hash{};
  std::uint64_t id = 0;
  std::int32_t uid = 0;
  std::int64_t generation = 0;
  std::string door;
  std::int64_t created_wall_ms = 0;
  std::int64_t deadline_boot_ms = 0;  // 0: none
  std::int64_t idle_ms = 0;           // 0: no idle limit
  bool dies_with_boot = false;
  std::int64_t last_hit_boot_ms = 0;
  std::int64_t written_hit_boot_ms = 0;  // what the store has
  std::string origin;                    // of the last hit
  std::string user_agent;
  // Made at the first use by each kind of credential, then shared by all requests: cookie, bearer, WebSocket.
  std::array<std::shared_ptr<const exchange::Principal>, 3> principals;
};

enum class SessionEnd { kLogout, kExpired, kEvicted, kUserChanged };

// All on the I/O thread. Pointers to sessions are valid until the next call that may end one.
class Sessions {
 public:
  struct Created {
    base::Secret token;
    Session* session;  // null never
  };

  // `boot_id` names this boot of the machine; read_boot_id() gives the kernel's.
  Sessions(store::StoreThread& store, const base::Clock& clock, std::string boot_id);

  // Takes over what the store had. `keep` says whether the session's user still is what it was. Those that are over,
  // unwanted or too many are left out, and removed from the store.
  void load(const std::vector<store::SessionRow>& rows,
            const std::function<bool(std::int32_t uid, std::int64_t generation)>& keep);

  // Makes a session; `done` is called once it is on the disk, and only then is the token good. Over the caps of S-27
  // the session that was idle longest ends, of the user's or of all. kConflict: the user changed meanwhile.
  void create(SessionRequest request, std::function<void(base::Checked<Created>)> done);

  // The session that is known by this key (Tokens::key_of) and a note that it was used from `origin`; null if there
  // is none or it is over. No allocation while the origin stays the same.
  Session* find(const Digest& key, std::string_view origin);
  Session* find_id(std::uint64_t id);
  // Longest idle first.
  std::vector<const Session*> of_user(std::int32_t uid) const;
  std::size_t size() const { return by_token_.size(); }

  // Ends one, or all of a user, at once; `done` is called when the disk knows it too. kNotFound: no such session. If
  // the disk is full the session has ended all the same, also for a later start, and sweep() deletes it again. Only if
  // even that cannot be kept is there a failure.
  void end(std::uint64_t id, SessionEnd reason, std::function<void(base::Checked<void>)> done);
  void end_all(std::int32_t uid, SessionEnd reason, std::function<void(base::Checked<void>)> done);
  // After a change of the user that has removed the rows already.
  void drop_all(std::int32_t uid);

  // Ends what has expired and writes uses that are older than kSessionTouchMs. Call about once a second.
  void sweep();
  // Writes every use that the store does not have; for a clean stop.
  void flush();
  // Principals are made anew at their next use: the scopes of roles have changed.
  void forget_principals();

  // Told of every session that ends, while it still can be read: its open operations must end too (S-13).
  void on_ended(std::function<void(const Session& session, SessionEnd reason)> listener);

  std::int64_t last_hit_wall_ms(const Session& session) const;
  // Nothing if it has no end of its own.
  std::optional<std::int64_t> expires_wall_ms(const Session& session) const;

 private:
  using Done = std::function<void(base::Checked<void>)>;

  bool is_over(const Session& session, std::int64_t now_boot_ms) const;
  Session* insert(Session session);
  void remove(Session& session, SessionEnd reason);
  void enforce_caps(const Session& newest);
  void delete_stored(std::vector<std::uint64_t> ids, Done done);
  void write_uses(std::int64_t least_age_ms);
  store::SessionRow row_of(const Session& session) const;

  store::StoreThread& store_;
  const base::Clock& clock_;
  const std::string boot_id_;
  Sha256 sha256_;
  std::unordered_map<Digest, std::unique_ptr<Session>, DigestHash, DigestEqual> by_token_;
  std::unordered_map<std::uint64_t, Session*> by_id_;
  std::vector<std::uint64_t> ends_to_retry_;  // ended, but the disk failed to hear of it
  std::vector<std::function<void(const Session&, SessionEnd)>> listeners_;
};

// The kernel's name for this boot; empty if it has none, and then nothing is known to be of this boot.
std::string read_boot_id();

// Moments of a stored session, translated to the boot clock of now.

// A session as the store has it, with its moments on this boot's clock. Within one boot the boot clock decides. Across
// boots the wall clock says how long the machine was off; where that went backwards (a board without a battery clock)
// no time counts as passed.
Session from_row(const store::SessionRow& row, const base::Clock& clock, const std::string& boot_id);

}  // namespace backplane::auth
