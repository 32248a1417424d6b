// The clients that read the log at this moment: gives each its share of the plugin's thread, wakes those that wait when
// entries come, and keeps the shared reader going as long as somebody needs it. Plugin's thread only.
#pragma once

#include <backplane/plugin_base.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "log-stream/answer.hpp"
#include "log-stream/tail.hpp"

namespace backplane::log_stream {

class Readers {
 public:
  Readers(sdk::Host& host, sdk::Loop& loop, Tail::Open open) : host_(host), loop_(loop), tail_(host, std::move(open)) {}

  void set_rules(const std::shared_ptr<const Masks>& masks, const std::vector<std::string>& kvmd_units) {
    tail_.set_rules(masks, kvmd_units);
  }

  // Of the clients that are not attached to a feed: how many there are, and how many follow with a reader of their own.
  std::size_t size() const { return running_.size(); }
  std::size_t of_user(std::int64_t uid) const;
  std::size_t own_followers() const;
  std::size_t own_followers_of(std::int64_t uid) const;

  // Serves a begun operation. The masks are kept for its reader.
  void add(sdk::Operation operation, std::unique_ptr<EntryReader> reader, const AnswerForm& form,
           std::shared_ptr<const Masks> masks);
  void on_writable(sdk::Operation operation) { work(operation); }
  void on_end(sdk::Operation operation);
  void on_demand(std::uint32_t feed, bool wanted, std::string_view last_id);

  // Entries have come, of which no descriptor tells.
  void on_entries();
  // The masks are others from now on: ends the clients that are read to with the old ones. Feeds have the new ones.
  void end_masked();
  // The log is another one from now on: ends the clients that read the old one, and goes on for those of the feeds.
  void change_log();
  // The same log lies elsewhere now, as after journald has moved it to the disk: ends the clients that read the old
  // files, and goes on for those of the feeds behind what they have.
  void change_place();
  void stop();

 private:
  struct Running {
    std::shared_ptr<const Masks> masks;  // before the answer, which uses them
    Answer answer;
    int watched = -1;
    bool queued = false;
    bool waits = false;
  };
  void work(sdk::Operation operation);
  void queue(sdk::Operation operation, Running& running);
  void watch(sdk::Operation operation, Running& running);
  // Ends it for the client, too, with a last entry that says why, where there is room for it.
  void let_go(sdk::Operation operation, std::string_view why);
  void end_where(const std::function<bool(const AnswerForm&)>& picks, std::string_view why);
  void drop(sdk::Operation operation);

  void pump_tail();
  void pump_tail_in(std::int64_t delay_ms);
  void look_after_tail();
  void watch_tail();
  void unwatch_tail();
  void close_tail();
  // False: nobody needs it, or it is tried again later.
  bool reopen_tail();
  // Lets those go on that wait for nothing but the shared reader.
  void wake_waiting();

  static constexpr bp_cookie kTailTimer = 1;

  sdk::Host& host_;
  sdk::Loop& loop_;
  Tail tail_;
  int tail_watched_ = -1;
  bool tail_timer_set_ = false;
  std::unordered_map<bp_op, Running> running_;
};

}  // namespace backplane::log_stream
