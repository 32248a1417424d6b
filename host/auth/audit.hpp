// Who logged in, was refused, logged out or changed a user: at once in the log, and kept in the store for
// GET /api/v1/audit. I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "store/store_thread.hpp"

namespace backplane::auth {

struct AuditEvent {
  std::string_view event;  // "login", "login.refused", "logout", "session.ended", "user.added", "user.changed", …
  std::string_view user;   // may come from a stranger: it is cut, and escaped where it is shown
  std::string_view address = {};
  std::string_view door = {};
  std::string_view detail = {};
};

class Audit {
 public:
  // `is_user`: whether somebody has that name. What was typed in place of one may be a password: it is shown cut.
  Audit(store::StoreThread& store, const base::Clock& clock, std::function<bool(std::string_view)> is_user)
      : store_(store), clock_(clock), is_user_(std::move(is_user)) {}

  // Costs no disk now: flush() writes all that has come since the last time.
  void note(const AuditEvent& event);
  // Call about once a second, and at the end.
  void flush();

 private:
  // A row that waits for the disk. A guesser repeats the same one thousands of times a second.
  struct Waiting {
    store::AuditRow row;
    std::uint64_t repeats = 0;
  };
  std::string shown_user(const AuditEvent& event) const;
  // Whether a refusal only adds to a count: it is there already, or refusals have had their places.
  bool only_counts(const store::AuditRow& row);
  void add_left_out();

  store::StoreThread& store_;
  const base::Clock& clock_;
  const std::function<bool(std::string_view)> is_user_;
  std::vector<Waiting> waiting_;  // at most kAuditWaitingMax: a flood of refusals must not fill the memory
  std::size_t refusals_waiting_ = 0;
  std::uint64_t refusals_left_out_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace backplane::auth
