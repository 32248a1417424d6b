// A host made of records: it gives a plugin real C tables, remembers every call, and lets a test deliver the events.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/plugin.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backplane::test {

struct Answer {
  bp_op op = 0;
  std::string call;  // respond, fail, begin, write, end, attach
  std::int32_t status = 0;
  std::string content_type;
  std::string text;
  std::vector<std::pair<std::string, std::string>> headers;
  std::int64_t fresh_ms = 0;
  std::int32_t kind = BP_DATA_BYTES;  // of a write, or of what is attached
  std::uint32_t feed = 0;             // that is attached
};

struct Published {
  std::uint32_t feed = 0;
  std::string bytes;
  std::string id;
  bool operator==(const Published&) const = default;
};

struct DoneAnswer {
  bp_cookie cookie;
  bp_status status;
  std::string text;
};

class FakeHost {
 public:
  // `extensions` are the ids that get_extension knows.
  explicit FakeHost(std::set<std::string> extensions = {BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HEALTH, BP_EXT_HOST,
                                                        BP_EXT_FEED});

  const bp_host* table() const { return &table_; }
  // As a host that was built before the http table had `consume` and `end`.
  void cut_http_table() { http_.size = offsetof(bp_host_http, end); }
  // The next write finds no room.
  void spend_window() { writes_left_ = 0; }
  // So many writes find room, then the next one does not.
  void allow_writes(std::size_t count) { writes_left_ = count; }
  // So many items are taken until this is called again.
  void allow_items(std::size_t count) { items_left_ = count; }
  // From now on no post, or no descriptor to watch, is taken.
  void refuse_posts() { posts_refused_ = true; }
  void refuse_watches() { watches_refused_ = true; }

  std::vector<Answer> answers() const;
  std::vector<DoneAnswer> dones() const;
  std::vector<std::string> log() const;
  std::map<std::string, double> metrics() const;
  std::size_t consumed() const;
  // Each call of the feeds' table with what it was given: "publish 0 text id", "attach 7 0 kind prefix|suffix|lost".
  std::vector<std::string> feed_calls() const;
  // Returns once `count` answers were given, from whichever thread.
  void wait_for_answers(std::size_t count);
  // The operation has ended: every later call on it gives BP_E_GONE.
  void mark_ended(bp_op op);

  // What the plugin asked for, taken out so that a test can deliver it.
  std::vector<bp_cookie> take_posts();
  struct Job {
    bp_cookie cookie;
    void (*work)(void*);
    void* argument;
  };
  std::vector<Job> take_jobs();
  std::set<bp_cookie> timers() const;
  std::map<bp_cookie, int> watches() const;
  std::vector<Published> take_published();
  // The last id that an item without bytes told, which readers get nothing of; by feed.
  std::map<std::uint32_t, std::string> places() const;
  std::map<bp_cookie, std::string> subscriptions() const;
  // What the plugin says of itself: "" where all is well.
  std::string state_text() const;

 private:
  struct Table : bp_host {
    FakeHost* owner;
  };
  static FakeHost& from(const bp_host* host) { return *static_cast<const Table*>(host)->owner; }

  void make_base_table();
  void make_http_table();
  void make_loop_table();
  void make_other_tables();
  void make_feed_table();
  void note_feed(std::string call);
  bp_status record(Answer answer, bool first, bool last);

  Table table_{};
  bp_host_http http_{};
  bp_host_loop loop_{};
  bp_host_health health_{};
  bp_host_info info_{};
  bp_host_feed feed_{};
  std::set<std::string> extensions_;

  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::optional<std::size_t> writes_left_;
  std::optional<std::size_t> items_left_;
  bool posts_refused_ = false;
  bool watches_refused_ = false;
  std::vector<Answer> answers_;
  std::vector<DoneAnswer> dones_;
  std::vector<std::string> log_;
  std::map<std::string, double> metrics_;
  std::size_t consumed_ = 0;
  std::vector<std::string> feed_calls_;
  enum class Phase { kWaiting, kStreaming, kAnswered, kEnded };
  std::map<bp_op, Phase> operations_;
  std::vector<bp_cookie> posts_;
  std::vector<Job> jobs_;
  std::set<bp_cookie> timers_;
  std::map<bp_cookie, int> watches_;
  std::vector<Published> published_;
  std::map<std::uint32_t, std::string> places_;
  std::map<bp_cookie, std::string> subscriptions_;
  std::string state_text_;
};

// A plugin file, loaded for the life of the process, and its one exported symbol.
const bp_plugin_entry& load_plugin(const char* path);

}  // namespace backplane::test
