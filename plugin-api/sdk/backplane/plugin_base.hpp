// The class to derive a plugin from. One object is one instance; all its functions are called on the instance's own
// thread, one at a time, and may throw: the exception is logged and counted, and the operation is answered 500.
#pragma once

#include <backplane/plugin.h>

#include <algorithm>
#include <array>
#include <backplane/fields.hpp>
#include <backplane/host.hpp>
#include <backplane/loop.hpp>
#include <backplane/operation.hpp>
#include <backplane/request.hpp>
#include <backplane/tables.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace backplane::sdk {

// The answer to start, stop or a new configuration. It is given exactly once: a second answer is refused here, and a
// Done that is dropped without one answers BP_E_INTERNAL, so that the host never waits for nothing.

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

// What an instance is made from. The texts are gone when the constructor returns.
struct Startup {
  const bp_host* host;
  std::string_view instance_name;
  std::string_view config_json;  // an object, valid by the manifest's schema, defaults filled in
};

// A route of the manifest and the member function that answers it.
template <class Class>
struct Route {
  const char* id;
  void (Class::*handler)(const Request&, Operation);
};

class OperationState;

class Plugin {
 public:
  // A deriving class lists every route of its manifest, after its handlers:
  //   static constexpr Route<Hello> kRoutes[] = {{"hello", &Hello::hello}};
  static constexpr std::array<Route<Plugin>, 0> kRoutes{};
  // The ids of its manifest's feeds, where it has any: static constexpr const char* kFeeds[] = {"lines"};
  static constexpr std::array<const char*, 0> kFeeds{};

  // The constructor may only log; open hardware in start. An exception refuses the instance.
  explicit Plugin(const Startup& startup) : name_(startup.instance_name), host_(startup.host) {}
  virtual ~Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const std::string& instance_name() const { return name_; }
  Host& host() { return host_; }
  Loop& loop() { return loop_; }

  // Answer now or later, within 10 s. ok: the routes go live.
  virtual void start(Done done) { done.ok(); }
  // All operations have ended and no blocking work is under way. Answer within 5 s. Not called after a refused start.
  virtual void stop(Done done) { done.ok(); }
  // ok: applied. BP_E_UNSUPPORTED: only a restart can apply it. BP_E_INVALID: the old one is kept.
  virtual void on_config(Done done, std::string_view) { done.answer(BP_E_UNSUPPORTED); }

  // Body "parts": a part begins; its bytes follow.
  virtual void on_part(Operation, const Part&) {}
  // A piece of a body, or a whole WebSocket message. Give its size back with consume when it is dealt with.
  virtual void on_data(Operation operation, DataKind, std::string_view data, bool /*last*/) {
    operation.consume(data.size());
  }
  // After BP_E_AGAIN: there is room again.
  virtual void on_writable(Operation) {}
  // The first reader of a feed has come, or the last has gone; the feed is a place in kFeeds. `last_id` is of the item
  // that was published last, also by an earlier life of the plugin: go on behind it. Empty: begin with what comes.
  virtual void on_demand(std::uint32_t /*feed*/, bool /*wanted*/, std::string_view /*last_id*/) {}
  // An item of a subscription; `lost` before it were too many.
  virtual void on_item(bp_cookie /*subscription*/, const FeedItem& /*item*/, std::uint64_t /*lost*/) {}
  // Comes exactly once for every operation. What PerOperation keeps for it is freed right after.
  virtual void on_end(Operation, EndReason) {}

 private:
  friend class OperationState;
  template <class Class>
  friend class Instance;

  void free_state(bp_op operation);

  std::string name_;
  Host host_;
  Loop loop_{host_};
  std::vector<OperationState*> states_;
};

// What PerOperation looks like to the plugin that frees it.
class OperationState {
 public:
  explicit OperationState(Plugin& plugin) : plugin_(plugin) { plugin_.states_.push_back(this); }
  virtual ~OperationState() { std::erase(plugin_.states_, this); }
  OperationState(const OperationState&) = delete;
  OperationState& operator=(const OperationState&) = delete;

 private:
  friend class Plugin;
  virtual void free(bp_op operation) = 0;

  Plugin& plugin_;
};

inline void Plugin::free_state(bp_op operation) {
  for (OperationState* state : states_) state->free(operation);
}

// What a plugin remembers for each running operation; freed after on_end and nowhere else. A member of the plugin:
//   PerOperation<Upload> uploads_{*this};
// Plugin's thread only, and begin only in the operation's own handler: on_end is then still to come.
template <class T>
class PerOperation final : private OperationState {
 public:
  explicit PerOperation(Plugin& plugin) : OperationState(plugin) {}

  template <class... Arguments>
  T& begin(Operation operation, Arguments&&... arguments) {
    return values_.try_emplace(operation.number(), std::forward<Arguments>(arguments)...).first->second;
  }
  // Null: nothing was begun, or the operation has ended.
  T* find(Operation operation) {
    const auto at = values_.find(operation.number());
    return at == values_.end() ? nullptr : &at->second;
  }
  std::size_t size() const { return values_.size(); }

 private:
  void free(bp_op operation) override { values_.erase(operation); }

  std::unordered_map<bp_op, T> values_;
};

}  // namespace backplane::sdk
