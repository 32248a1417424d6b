#include "auth/sessions.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/crypto/token_signer.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace backplane::auth {
namespace {

bool idle_longer(const Session* a, const Session* b) {
  return a->last_hit_boot_ms < b->last_hit_boot_ms;
}

std::int64_t milliseconds(std::int64_t seconds) {
  return std::clamp<std::int64_t>(seconds, 0, limits::kSessionLifetimeSMax) * 1000;
}

}  // namespace

Sessions::Sessions(store::StoreThread& store, const base::Clock& clock, std::string boot_id)
    : store_(store), clock_(clock), boot_id_(std::move(boot_id)) {}

void Sessions::load(const std::vector<store::SessionRow>& rows,
                    const std::function<bool(std::int32_t, std::int64_t)>& keep) {
  const std::int64_t now = clock_.boot_ms();
  std::vector<std::uint64_t> unwanted;
  for (const store::SessionRow& row : rows) {
    const bool same_boot = row.boot_id == boot_id_ && !boot_id_.empty();
    const bool whole = row.token_hash.size() == Digest().size();
    std::optional<Session> session;
    if (whole && (same_boot || !row.dies_with_boot) && keep(row.uid, row.generation)) {
      session = from_row(row, clock_, boot_id_);
    }
    if (!session || is_over(*session, now)) {
      unwanted.push_back(row.id);
    } else {
      enforce_caps(*insert(std::move(*session)));
    }
  }
  if (!unwanted.empty()) delete_stored(std::move(unwanted), [](const base::Checked<void>&) {});
}

void Sessions::create(SessionRequest request, std::function<void(base::Checked<Created>)> done) {
  const std::int64_t now = clock_.boot_ms();
  base::Secret bytes(random_bytes(TokenBytes().size()));
  base::Secret token = encode_token(bytes.reveal());
  Session session;
  session.token_hash = sha256_(bytes.reveal());
  session.id = random_session_id();
  session.uid = request.uid;
  session.generation = request.generation;
  session.door = std::move(request.door);
  session.created_wall_ms = clock_.wall_ms();
  session.deadline_boot_ms = request.lifetime_s > 0 ? now + milliseconds(request.lifetime_s) : 0;
  session.idle_ms = milliseconds(request.idle_s);
  session.dies_with_boot = request.dies_with_boot;
  session.last_hit_boot_ms = session.written_hit_boot_ms = now;
  session.origin = std::move(request.origin);
  session.user_agent = request.user_agent.substr(0, limits::kUserAgentBytesMax);
  store::SessionRow row = row_of(session);
  row.totp_step = request.totp_step;
  store_.run<void>([row](store::Store& store) { return store.insert_session(row); },
                   [this, session = std::move(session), token = std::move(token),
                    done = std::move(done)](const base::Checked<void>& stored) {
                     if (!stored) return done(stored.error());
                     Session* made = insert(session);
                     enforce_caps(*made);
                     done(Created{token, made});
                   });
}

Session* Sessions::find(const Digest& key, std::string_view origin) {
  const auto found = by_token_.find(key);
  if (found == by_token_.end()) return nullptr;
  Session& session = *found->second;
  const std::int64_t now = clock_.boot_ms();
  if (is_over(session, now)) {
    end(session.id, SessionEnd::kExpired, [](const base::Checked<void>&) {});
    return nullptr;
  }
  session.last_hit_boot_ms = now;
  if (session.origin != origin) session.origin = origin;
  return &session;
}

Session* Sessions::find_id(std::uint64_t id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() || is_over(*found->second, clock_.boot_ms()) ? nullptr : found->second;
}

std::vector<const Session*> Sessions::of_user(std::int32_t uid) const {
  const std::int64_t now = clock_.boot_ms();
  std::vector<const Session*> sessions;
  for (const auto& [hash, session] : by_token_) {
    if (session->uid == uid && !is_over(*session, now)) sessions.push_back(session.get());
  }
  std::sort(sessions.begin(), sessions.end(), idle_longer);
  return sessions;
}

void Sessions::end(std::uint64_t id, SessionEnd reason, Done done) {
  const auto found = by_id_.find(id);
  if (found != by_id_.end()) {
    remove(*found->second, reason);
    return delete_stored({id}, std::move(done));
  }
  // Answered like every other end: later, in order.
  store_.run<void>(
      [](store::Store&) -> base::Checked<void> {
        return base::problem(base::Error::kNotFound, "there is no such session");
      },
      std::move(done));
}

void Sessions::end_all(std::int32_t uid, SessionEnd reason, Done done) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, session] : by_id_) {
    if (session->uid == uid) ids.push_back(id);
  }
  for (const std::uint64_t id : ids) remove(*by_id_.at(id), reason);
  delete_stored(std::move(ids), std::move(done));
}

void Sessions::drop_all(std::int32_t uid) {
  std::vector<Session*> dropped;
  for (const auto& [id, session] : by_id_) {
    if (session->uid == uid) dropped.push_back(session);
  }
  for (Session* session : dropped) remove(*session, SessionEnd::kUserChanged);
}

void Sessions::sweep() {
  const std::int64_t now = clock_.boot_ms();
  std::vector<std::uint64_t> over = std::exchange(ends_to_retry_, {});
  std::vector<Session*> expired;
  for (const auto& [id, session] : by_id_) {
    if (is_over(*session, now)) expired.push_back(session);
  }
  for (Session* session : expired) {
    over.push_back(session->id);
    remove(*session, SessionEnd::kExpired);
  }
  if (!over.empty()) delete_stored(std::move(over), [](const base::Checked<void>&) {});
  write_uses(limits::kSessionTouchMs);
}

void Sessions::flush() {
  if (!ends_to_retry_.empty()) {
    delete_stored(std::exchange(ends_to_retry_, {}), [](const base::Checked<void>&) {});
  }
  write_uses(1);
}

void Sessions::forget_principals() {
  for (const auto& [id, session] : by_id_) session->principals = {};
}

void Sessions::on_ended(std::function<void(const Session&, SessionEnd)> listener) {
  listeners_.push_back(std::move(listener));
}

std::int64_t Sessions::last_hit_wall_ms(const Session& session) const {
  return clock_.wall_ms() - (clock_.boot_ms() - session.last_hit_boot_ms);
}

std::optional<std::int64_t> Sessions::expires_wall_ms(const Session& session) const {
  if (session.deadline_boot_ms == 0) return std::nullopt;
  return clock_.wall_ms() + session.deadline_boot_ms - clock_.boot_ms();
}

bool Sessions::is_over(const Session& session, std::int64_t now_boot_ms) const {
  if (session.deadline_boot_ms != 0 && now_boot_ms >= session.deadline_boot_ms) return true;
  return session.idle_ms != 0 && now_boot_ms - session.last_hit_boot_ms >= session.idle_ms;
}

Session* Sessions::insert(Session session) {
  auto owned = std::make_unique<Session>(std::move(session));
  Session* inserted = owned.get();
  by_id_[inserted->id] = inserted;
  by_token_[inserted->token_hash] = std::move(owned);
  return inserted;
}

void Sessions::remove(Session& session, SessionEnd reason) {
  by_id_.erase(session.id);
  const auto owned = by_token_.extract(session.token_hash);  // dies when the listeners have seen it
  for (const auto& listener : listeners_) listener(session, reason);
}

void Sessions::enforce_caps(const Session& newest) {
  Session* idlest_of_user = nullptr;
  Session* idlest = nullptr;
  std::size_t users = 0;
  for (const auto& [id, session] : by_id_) {
    const bool same_user = session->uid == newest.uid;
    if (same_user) ++users;
    if (session == &newest) continue;
    if (idlest == nullptr || idle_longer(session, idlest)) idlest = session;
    if (same_user && (idlest_of_user == nullptr || idle_longer(session, idlest_of_user))) idlest_of_user = session;
  }
  Session* victim = nullptr;
  if (users > limits::kSessionsPerUserMax) {
    victim = idlest_of_user;
  } else if (by_id_.size() > limits::kSessionsMax) {
    victim = idlest;
  }
  if (victim != nullptr) end(victim->id, SessionEnd::kEvicted, [](const base::Checked<void>&) {});
}

void Sessions::delete_stored(std::vector<std::uint64_t> ids, Done done) {
  auto kept = std::make_shared<const std::vector<std::uint64_t>>(std::move(ids));
  const auto is_known = std::make_shared<bool>(false);  // to every later process
  store_.run<void>(
      [kept, is_known](store::Store& store) {
        auto deleted = store.delete_sessions(*kept);
        *is_known = deleted || store.keep_ended(*kept);
        return deleted;
      },
      [this, kept, is_known, done = std::move(done)](const base::Checked<void>& deleted) {
        if (!deleted) {
          base::log(base::Level::kError, "sessions: an end is not on the disk yet: {}", deleted.error().message());
          const std::size_t room = limits::kSessionsMax - std::min(ends_to_retry_.size(), limits::kSessionsMax);
          const std::size_t count = std::min(kept->size(), room);
          ends_to_retry_.insert(ends_to_retry_.end(), kept->begin(),
                                kept->begin() + static_cast<std::ptrdiff_t>(count));
        }
        done(*is_known ? base::Checked<void>() : deleted);
      });
}

void Sessions::write_uses(std::int64_t least_age_ms) {
  std::vector<store::SessionRow> rows;
  for (const auto& [id, session] : by_id_) {
    if (session->last_hit_boot_ms - session->written_hit_boot_ms < least_age_ms) continue;
    session->written_hit_boot_ms = session->last_hit_boot_ms;
    rows.push_back(row_of(*session));
  }
  if (rows.empty()) return;
  // A write that fails is no loss worth a retry: the next use is written again.
  store_.run<void>(
      [rows = std::move(rows)](store::Store& store) {
        return store.in_transaction([&]() -> base::Checked<void> {
          for (const store::SessionRow& row : rows) {
            auto touched = store.touch_session(row);
            if (!touched) return touched;
          }
          return {};
        });
      },
      [](const base::Checked<void>&) {});
}

store::SessionRow Sessions::row_of(const Session& session) const {
  store::SessionRow row;
  row.id = session.id;
  row.token_hash = bytes_of(session.token_hash);
  row.uid = session.uid;
  row.generation = session.generation;
  row.door = session.door;
  row.created_ms = session.created_wall_ms;
  row.deadline_boot_ms = session.deadline_boot_ms;
  row.idle_ms = session.idle_ms;
  row.dies_with_boot = session.dies_with_boot;
  row.boot_id = boot_id_;
  row.saved_boot_ms = clock_.boot_ms();
  row.saved_wall_ms = clock_.wall_ms();
  row.last_hit_boot_ms = session.last_hit_boot_ms;
  row.origin = session.origin;
  row.user_agent = session.user_agent;
  return row;
}

std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

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
