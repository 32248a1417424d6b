#include "auth/password_checker.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "base/log.hpp"

namespace backplane::auth {
namespace {

void append_part(std::string& text, std::string_view part) {
  const std::uint64_t size = part.size();
  for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>(size >> shift & 0xff);
  text += part;
}

}  // namespace

PasswordChecker::PasswordChecker(const base::Clock& clock, store::Executor executor, PasswordProfile profile)
    : clock_(clock),
      executor_(std::move(executor)),
      profile_(profile),
      key_(random_bytes(32)),
      worker_("password", limits::kPasswordChecksWaitingMax) {}

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

bool PasswordChecker::check(const Digest& name, Question question, std::function<void(bool)> done) {
  if (const auto found = pending_.find(name); found != pending_.end()) {
    if (found->second.size() >= limits::kPasswordJoinersMax) return false;
    found->second.push_back(std::move(done));
    return true;
  }
  const bool accepted = worker_.post([this, name, question = std::move(question)]() mutable {
    const bool readable = is_password_hash(question.hash);
    const bool matches = verify_password(question.hash, question.password);
    executor_([this, name, user = std::move(question.user), readable, matches] {
      if (!readable) report_unreadable(user);
      finish(name, user, matches);
    });
  });
  if (accepted) pending_[name].push_back(std::move(done));
  return accepted;
}

void PasswordChecker::report_unreadable(const std::string& user) {
  ++unreadable_;
  base::log(base::Level::kError, "the stored password of '{}' cannot be read; set a new one with backplanectl", user);
}

void PasswordChecker::finish(const Digest& name, const std::string& user, bool matches) {
  if (matches) remember(name, user);
  auto waiting = pending_.extract(name);
  if (waiting.empty()) return;
  for (auto& done : waiting.mapped()) done(matches);
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
  // `done` goes through the worker in a box that it leaves before the box can die there.
  auto box = std::make_shared<std::function<void(std::string)>>(std::move(done));
  return worker_.post([this, box, password = std::move(password)] {
    executor_([done = std::move(*box), encoded = hash_password(password, profile_)] { done(encoded); });
  });
}

void PasswordChecker::forget(std::string_view user) {
  std::erase_if(remembered_, [&](const auto& entry) { return entry.second.user == user; });
}

}  // namespace backplane::auth
