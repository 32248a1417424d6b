// The answer to start, stop or a new configuration. It is given exactly once: a second answer is refused here, and a
// Done that is dropped without one answers BP_E_INTERNAL, so that the host never waits for nothing.
#pragma once

#include <backplane/fields.hpp>
#include <backplane/tables.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace backplane::sdk {

namespace detail {

// Shared by a Done and the callback that made it. While the callback runs a drop only marks the question: the callback
// knows the better text if an exception was the reason.
class Question {
 public:
  Question(const bp_host* host, bp_cookie cookie) : host_(host), cookie_(cookie) {}

  bp_status answer(bp_status status, std::string_view text) {
    {
      const std::lock_guard lock(mutex_);
      if (answered_) return BP_E_INVALID;
      answered_ = true;
    }
    return call(host_, &bp_host::done, host_, cookie_, status, bytes(text));
  }

  void drop() {
    {
      const std::lock_guard lock(mutex_);
      if (in_callback_) {
        dropped_ = true;
        return;
      }
    }
    answer(BP_E_INTERNAL, "the plugin dropped the question without an answer");
  }

  // The callback has returned. `escape` is what it threw, empty for nothing.
  void callback_returned(std::string_view escape) {
    bool dropped = false;
    {
      const std::lock_guard lock(mutex_);
      in_callback_ = false;
      dropped = dropped_;
    }
    if (!escape.empty()) {
      answer(BP_E_INTERNAL, escape);
    } else if (dropped) {
      drop();
    }
  }

 private:
  const bp_host* host_;
  bp_cookie cookie_;
  std::mutex mutex_;
  bool in_callback_ = true;
  bool dropped_ = false;
  bool answered_ = false;
};

}  // namespace detail

// Move it to where the answer will be known, another thread included.
class Done {
 public:
  explicit Done(std::shared_ptr<detail::Question> question) : question_(std::move(question)) {}
  Done(Done&&) noexcept = default;
  Done& operator=(Done&& other) noexcept {
    if (this != &other) {
      drop();
      question_ = std::move(other.question_);
    }
    return *this;
  }
  Done(const Done&) = delete;
  Done& operator=(const Done&) = delete;
  ~Done() { drop(); }

  // The text stands beside the state that operators see.
  bp_status ok(std::string_view text = {}) { return answer(BP_OK, text); }

  // BP_E_INVALID: answered before, or moved away.
  bp_status answer(bp_status status, std::string_view text = {}) {
    return question_ ? question_->answer(status, text) : BP_E_INVALID;
  }

 private:
  void drop() noexcept {
    if (question_) question_->drop();
    question_.reset();
  }

  std::shared_ptr<detail::Question> question_;
};

}  // namespace backplane::sdk
