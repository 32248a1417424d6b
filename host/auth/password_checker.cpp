#include "auth/password_checker.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace backplane::auth {
namespace {

void append_part(std::string& text, std::string_view part) {
  const std::uint64_t size = part.size();
  for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>(size >> shift & 0xff);
  text += part;
}

PasswordChecker::Outcome outcome_of(const PasswordChecker::Verify& verify, const PasswordChecker::Question& question) {
  using Outcome = PasswordChecker::Outcome;
  try {
    switch (verify(question.hash, question.password)) {
      case PasswordMatch::kYes:
        return Outcome::kRight;
      case PasswordMatch::kNo:
        return Outcome::kWrong;
      case PasswordMatch::kNoMemory:
        return Outcome::kNoMemory;
    }
  } catch (const std::bad_alloc&) {
    return Outcome::kNoMemory;
  }
  return Outcome::kWrong;
}

std::string hash_or_nothing(const base::Secret& password, PasswordProfile profile) {
  try {
    return hash_password(password, profile);
  } catch (const std::bad_alloc&) {
    return {};
  }
}

}  // namespace

PasswordChecker::PasswordChecker(const base::Clock& clock, store::Executor executor, PasswordProfile profile,
                                 Verify verify)
    : clock_(clock),
      executor_(std::move(executor)),
      profile_(profile),
      verify_(std::move(verify)),
      key_(random_bytes(32)),
      worker_("password", limits::kPasswordHashesWaitingMax + 1) {}

Digest PasswordChecker::name_of(const Question& question) const {
  std::string text;
  text.reserve(24 + question.user.size() + question.hash.size() + question.password.reveal().size());
  append_part(text, question.user);
  append_part(text, question.hash);
  append_part(text, question.password.reveal());
  const base::Secret wiped(std::move(text));
  return hmac_sha256(key_.reveal(), wiped.reveal());
}

bool PasswordChecker::remembers(const Digest& name) const {
  const auto found = remembered_.find(name);
  return found != remembered_.end() && clock_.boot_ms() < found->second.until_ms;
}

bool PasswordChecker::is_pending(const Digest& name) const {
  return pending_.contains(name);
}

bool PasswordChecker::check(const Digest& name, Question question, const CheckQueue::Place& place, Done done) {
  if (const auto found = pending_.find(name); found != pending_.end()) {
    if (found->second.done.size() >= limits::kPasswordJoinersMax) return false;
    found->second.done.push_back(std::move(done));
    queue_.improve(place, name);
    return true;
  }
  const CheckQueue::Pushed pushed = queue_.push(place, name);
  if (!pushed.accepted) return false;
  if (pushed.displaced) displace(*pushed.displaced);
  pending_.emplace(name, Pending{std::move(question), {}}).first->second.done.push_back(std::move(done));
  begin_next();
  return true;
}

void PasswordChecker::begin_next() {
  if (busy_) return;
  const auto name = queue_.pop();
  if (!name) return;
  busy_ = worker_.post([this, name = *name, question = pending_.at(*name).question]() mutable {
    const bool readable = is_password_hash(question.hash);
    const Outcome outcome = outcome_of(verify_, question);
    executor_([this, name, user = std::move(question.user), readable, outcome] {
      busy_ = false;
      begin_next();
      if (!readable) report_unreadable(user);
      finish(name, user, outcome);
    });
  });
  BP_CHECK(busy_);  // the worker has room for one check beside the hashes
}

// Later: who is told may ask again.
void PasswordChecker::displace(const Digest& name) {
  auto pending = pending_.extract(name);
  auto waiting = std::make_shared<std::vector<Done>>(std::move(pending.mapped().done));
  executor_([waiting] {
    for (auto& done : *waiting) done(Outcome::kDisplaced);
  });
}

void PasswordChecker::report_unreadable(const std::string& user) {
  ++unreadable_;
  base::log(base::Level::kError, "the stored password of '{}' cannot be read; set a new one with backplanectl", user);
}

void PasswordChecker::finish(const Digest& name, const std::string& user, Outcome outcome) {
  if (outcome == Outcome::kRight) remember(name, user);
  auto waiting = pending_.extract(name);
  if (waiting.empty()) return;
  for (auto& done : waiting.mapped().done) done(outcome);
}

void PasswordChecker::remember(const Digest& name, const std::string& user) {
  if (remembered_.size() >= limits::kPasswordCacheMax) {
    const auto oldest = std::min_element(remembered_.begin(), remembered_.end(), [](const auto& a, const auto& b) {
      return a.second.until_ms < b.second.until_ms;
    });
    remembered_.erase(oldest);
  }
  remembered_[name] = Remembered{user, clock_.boot_ms() + limits::kPasswordCacheMs};
}

bool PasswordChecker::hash(base::Secret password, std::function<void(std::string)> done) {
  if (hashes_waiting_ >= limits::kPasswordHashesWaitingMax) return false;
  // `done` goes through the worker in a box that it leaves before the box can die there.
  auto box = std::make_shared<std::function<void(std::string)>>(std::move(done));
  const bool accepted = worker_.post([this, box, password = std::move(password)] {
    executor_([this, done = std::move(*box), encoded = hash_or_nothing(password, profile_)] {
      --hashes_waiting_;
      done(encoded);
    });
  });
  hashes_waiting_ += accepted ? 1 : 0;
  return accepted;
}

void PasswordChecker::forget(std::string_view user) {
  std::erase_if(remembered_, [&](const auto& entry) { return entry.second.user == user; });
}

}  // namespace backplane::auth
