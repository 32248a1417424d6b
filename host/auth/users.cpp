#include "auth/users.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "store/limits.hpp"

namespace backplane::auth {

Users::Users(const std::vector<User>& rows, store::StoreThread& store, PasswordChecker& checker, const Scopes& scopes,
             const base::Clock& clock, store::Executor executor)
    : store_(store), checker_(checker), scopes_(scopes), clock_(clock), executor_(std::move(executor)) {
  for (const User& user : rows) {
    by_uid_[user.uid] = user;
    uids_[user.name] = user.uid;
  }
}

const User* Users::find(std::string_view name) const {
  const auto found = uids_.find(name);
  return found == uids_.end() ? nullptr : find(found->second);
}

const User* Users::find(std::int32_t uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : &found->second;
}

std::vector<const User*> Users::list() const {
  std::vector<const User*> users;
  users.reserve(by_uid_.size());
  for (const auto& [uid, user] : by_uid_) users.push_back(&user);
  return users;
}

void Users::add(std::string name, std::string role, base::Secret password, Done done) {
  auto checked = check_user_name(name);
  if (checked) checked = check_role(role, scopes_.roles());
  if (checked) checked = check_new_password(password);
  if (!checked) return refuse(checked.error(), std::move(done));
  with_hash(std::move(password), std::move(done),
            [this, name = std::move(name), role = std::move(role)](std::string hash, Done then) {
              const std::int64_t now = clock_.wall_ms();
              run([=](store::Store& store) { return add_user(store, name, role, hash, now); }, false, std::move(then));
            });
}

void Users::set_password(std::string name, base::Secret password, Done done) {
  const auto checked = check_new_password(password);
  if (!checked) return refuse(checked.error(), std::move(done));
  with_hash(std::move(password), std::move(done), [this, name = std::move(name)](std::string hash, Done then) {
    const std::int64_t now = clock_.wall_ms();
    run([=](store::Store& store) { return change_password(store, name, hash, now); }, false, std::move(then));
  });
}

void Users::set_role(std::string name, std::string role, Done done) {
  const auto checked = check_role(role, scopes_.roles());
  if (!checked) return refuse(checked.error(), std::move(done));
  run([name = std::move(name), role = std::move(role)](store::Store& store) { return change_role(store, name, role); },
      false, std::move(done));
}

void Users::set_enabled(std::string name, bool enabled, Done done) {
  run([name = std::move(name), enabled](store::Store& store) { return change_enabled(store, name, enabled); }, false,
      std::move(done));
}

void Users::set_totp(std::string name, base::Secret key, Done done) {
  run([name = std::move(name), key = std::move(key)](store::Store& store) { return change_totp(store, name, key); },
      false, std::move(done));
}

void Users::note_spent(std::int32_t uid, std::int64_t totp_step) {
  const auto found = by_uid_.find(uid);
  if (found == by_uid_.end()) return;
  std::vector<std::int64_t>& spent = found->second.totp_spent;
  spent.push_back(totp_step);
  if (spent.size() > store::limits::kTotpSpentMax) spent.erase(spent.begin());
}

void Users::remove(std::string name, Done done) {
  run([name = std::move(name)](store::Store& store) { return delete_user(store, name); }, true, std::move(done));
}

void Users::on_changed(std::function<void(const User&)> listener) {
  listeners_.push_back(std::move(listener));
}

void Users::refuse(base::Problem problem, Done done) {
  executor_([problem = std::move(problem), done = std::move(done)] { done(problem); });
}

void Users::with_hash(base::Secret password, Done done, std::function<void(std::string, Done)> next) {
  auto kept = std::make_shared<Done>(std::move(done));
  const bool accepted = checker_.hash(std::move(password), [this, kept, next = std::move(next)](std::string hash) {
    if (hash.empty()) {
      return refuse(base::problem(base::Error::kUnavailable, "there is not enough memory now; try again later"),
                    std::move(*kept));
    }
    next(std::move(hash), std::move(*kept));
  });
  if (!accepted) {
    refuse(base::problem(base::Error::kThrottled, "too many passwords wait to be checked; try again later"),
           std::move(*kept));
  }
}

void Users::run(Change change, bool removes, Done done) {
  store_.run<User>(std::move(change), [this, removes, done = std::move(done)](base::Checked<User> user) {
    if (user) apply(*user, removes);
    done(std::move(user));
  });
}

void Users::renew_hash(std::int32_t uid, base::Secret password) {
  const User* user = find(uid);
  if (user == nullptr || !checker_.is_outdated(user->hash) || !renewing_.insert(uid).second) return;
  const bool accepted = checker_.hash(std::move(password), [this, uid, old_hash = user->hash](const std::string& hash) {
    if (!hash.empty()) return store_renewed(uid, old_hash, hash);
    renewing_.erase(uid);
  });
  if (!accepted) renewing_.erase(uid);
}

void Users::store_renewed(std::int32_t uid, std::string old_hash, std::string hash) {
  store_.run<bool>([=](store::Store& store) { return store.renew_hash(uid, old_hash, hash); },
                   [this, uid, old_hash, hash](const base::Checked<bool>& renewed) {
                     renewing_.erase(uid);
                     if (!renewed) {
                       base::log(base::Level::kWarning,
                                 "users: a password's hash could not be renewed, the next login tries again: {}",
                                 renewed.error().message());
                       return;
                     }
                     const auto found = by_uid_.find(uid);
                     if (!*renewed || found == by_uid_.end() || found->second.hash != old_hash) return;
                     found->second.hash = hash;
                     ++revision_;
                   });
}

void Users::apply(const User& user, bool removed) {
  ++revision_;
  const bool existed = by_uid_.contains(user.uid);
  if (removed) {
    by_uid_.erase(user.uid);
    uids_.erase(user.name);
  } else {
    by_uid_[user.uid] = user;
    uids_[user.name] = user.uid;
  }
  checker_.forget(user.name);
  if (!existed) return;
  for (const auto& listener : listeners_) listener(user);
}

}  // namespace backplane::auth
