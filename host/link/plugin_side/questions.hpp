// The questions that a plugin has been asked and must answer with host->done: start, stop, a new configuration.
// Any thread.
#pragma once

#include <backplane/abi.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace backplane::link {

class Questions {
 public:
  enum class Kind { kStart, kStop, kConfig };
  struct Question {
    Kind kind;
    std::uint64_t generation;  // of a configuration
  };

  bp_cookie ask(Question question) {
    std::lock_guard lock(mutex_);
    open_.emplace(++last_, question);
    return last_;
  }

  // The question, once; empty where no such question is open.
  std::optional<Question> take(bp_cookie cookie) {
    std::lock_guard lock(mutex_);
    const auto found = open_.find(cookie);
    if (found == open_.end()) return std::nullopt;
    const Question question = found->second;
    open_.erase(found);
    return question;
  }

 private:
  std::mutex mutex_;
  bp_cookie last_ = 0;
  std::unordered_map<bp_cookie, Question> open_;
};

}  // namespace backplane::link
