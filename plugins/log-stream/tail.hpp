// The one reader that all unfiltered followers share: reads what comes to the end of the log, and publishes it in every
// form that somebody reads. Plugin's thread only.
#pragma once

#include <array>
#include <backplane/host.hpp>
#include <backplane/result.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/entry.hpp"
#include "log-stream/feeds.hpp"
#include "log-stream/formats/formatter.hpp"
#include "log-stream/masks.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

class Tail {
 public:
  // Opens a reader of unmasked entries.
  using Open = std::function<sdk::Result<std::unique_ptr<EntryReader>>(const Query&, Fields)>;

  Tail(const sdk::Host& host, Open open) : host_(host), open_(std::move(open)) {}

  // The masks of the masked feeds, and the units of kvmd's.
  void set_rules(std::shared_ptr<const Masks> masks, std::vector<std::string> kvmd_units);

  // Begins at the end of the log, where it does not read yet. False: problem() says why; after kFailed only reopen
  // helps.
  bool open();
  // After kFailed: goes on behind what was read last.
  bool reopen();
  void close();
  bool is_open() const { return reader_ != nullptr && problem_.empty(); }
  const std::string& problem() const { return problem_; }
  // Readable when there may be something for pump; -1: there is none to watch. It is closed by reopen and close alone.
  int descriptor() { return is_open() ? reader_->descriptor() : -1; }

  enum class Pumped {
    kNothing,  // nothing has come
    kAll,      // all of what has come is published
    kMore,     // there is more: call again soon
    kStalled,  // the host takes no more for the moment: call again after kTailRetryMs
    kFailed,   // the log cannot be read: problem() says why
  };
  Pumped pump();
  // What pump has said last.
  Pumped pumped() const { return pumped_; }
  // All that had come is published.
  static bool is_through(Pumped pumped) { return pumped == Pumped::kNothing || pumped == Pumped::kAll; }

  // Somebody reads the feed from now on, or nobody does. `last_id` is where the feed's readers have stopped getting
  // anything because the plugin went: pump publishes what came since first.
  void want(std::uint32_t feed, bool wanted, std::string_view last_id = {});
  bool wanted() const;
  // Where the feed's newest reader begins, for want to come back to before anything is published.
  void tell_place(std::uint32_t feed);

 private:
  struct Waiting {
    std::uint32_t feed;
    std::string bytes;
    std::string id;
  };
  // What the readers of one feed lack that the shared reader has behind it.
  struct Missed {
    std::uint32_t feed;
    std::unique_ptr<EntryReader> reader;
  };
  Pumped pump_on();
  Pumped read_on();
  Pumped catch_up(Missed& missed);
  void go_on_behind(std::uint32_t feed, std::string_view last_id);
  // The cursor of the last entry that there is; empty: there is none.
  std::string newest();
  void publish(const Entry& entry);
  void publish_one(std::uint32_t feed, const Entry& entry);
  void mask(const Entry& entry);
  // `place` is the cursor of the entry as it was read: masked, it no longer says which entry it is.
  void publish_to(std::uint32_t feed, const Entry& entry, const std::string& place);
  // Behind what waits, for the order.
  void send(std::uint32_t feed, std::string item, const std::string& place);
  bool passes(std::uint32_t feed, const Entry& entry) const;
  // False: the host still takes nothing.
  bool send_waiting();

  const sdk::Host& host_;
  const Open open_;
  std::shared_ptr<const Masks> masks_;
  std::vector<std::string> kvmd_units_;
  std::unique_ptr<EntryReader> reader_;
  std::string problem_;
  std::string place_;  // the cursor of the entry that was read last
  std::array<bool, kFeedCount> wanted_{};
  std::array<Formatter, kFeedCount / 2> formatters_{Formatter(Format::kShort), Formatter(Format::kKvmd),
                                                    Formatter(Format::kJson), Formatter(Format::kExport)};
  std::deque<Waiting> waiting_;  // what the host did not take
  std::deque<Missed> missed_;
  std::array<std::string, kFeedCount> had_until_;  // ahead of the shared reader up to there; empty: not ahead
  Pumped pumped_ = Pumped::kNothing;
  Entry entry_;
  Entry masked_;
  Entry shortened_;
};

}  // namespace backplane::log_stream
