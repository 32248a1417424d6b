// Checks passwords without stopping the I/O thread and without letting a flood of logins take the machine: one argon2
// at a time, in the order of the queue, equal questions asked together cost one, a right answer is remembered for a
// minute.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/check_queue.hpp"
#include "auth/crypto/digest.hpp"
#include "auth/crypto/password_hash.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/worker.hpp"
#include "store/store_thread.hpp"

namespace backplane::auth {

// All on the I/O thread.
class PasswordChecker {
 public:
  // Every part that decides, so that a changed password or another user is another question.
  struct Question {
    std::string user;
    std::string hash;  // what the store holds for the user
    base::Secret password;
  };

  enum class Outcome {
    kRight,
    kWrong,
    kNoMemory,   // nobody knows
    kDisplaced,  // nobody looked: a better one has the place
  };
  using Done = std::function<void(Outcome)>;
  // How a password is compared, on the worker's thread: verify_password, or what a test has in its place.
  using Verify = std::function<PasswordMatch(std::string_view encoded, const base::Secret& password)>;

  // What `executor` was given may still wait when this object dies; it then must never run.
  PasswordChecker(const base::Clock& clock, store::Executor executor, PasswordProfile profile,
                  Verify verify = verify_password);

  // The question's name in the tables here: HMAC under a key of this process over length-prefixed parts (S-38).
  Digest name_of(const Question& question) const;

  // Whether this question was answered with yes in the last kPasswordCacheMs.
  bool remembers(const Digest& name) const;
  // Whether it is being worked on, so that asking it too costs nothing.
  bool is_pending(const Digest& name) const;

  // Answers later, never before it returns. False if there is no place; `done` is then not called.
  [[nodiscard]] bool check(const Digest& name, Question question, const CheckQueue::Place& place, Done done);

  // Hashes a new password; an empty text if there is no memory for it. False if too many wait.
  [[nodiscard]] bool hash(base::Secret password, std::function<void(std::string encoded)> done);

  // Whether a hash has another profile than those that hash() makes.
  bool is_outdated(const std::string& hash) const {
    const auto profile = profile_of(hash);
    return profile && *profile != profile_;
  }

  // How many checks met a hash that cannot be read: 0 unless the store is damaged. Such a check costs nothing, so it
  // would also tell a guesser that a user is not like the others (S-20).
  std::uint64_t unreadable() const { return unreadable_; }

  // Drops what is remembered of a user; call it with every change of one.
  void forget(std::string_view user);

 private:
  struct Remembered {
    std::string user;
    std::int64_t until_ms;
  };

  struct Pending {
    Question question;
    std::vector<Done> done;
  };

  void begin_next();
  void finish(const Digest& name, const std::string& user, Outcome outcome);
  void displace(const Digest& name);
  void report_unreadable(const std::string& user);
  void remember(const Digest& name, const std::string& user);

  const base::Clock& clock_;
  const store::Executor executor_;
  const PasswordProfile profile_;
  const Verify verify_;
  const base::Secret key_;
  std::unordered_map<Digest, Remembered, DigestHash, DigestEqual> remembered_;
  std::unordered_map<Digest, Pending, DigestHash, DigestEqual> pending_;  // in the queue, and the one under way
  CheckQueue queue_;
  bool busy_ = false;  // with a check
  std::size_t hashes_waiting_ = 0;
  std::uint64_t unreadable_ = 0;
  base::Worker worker_;  // last: its thread ends before what it uses
};

}  // namespace backplane::auth
