// The probe plugin: what its files share.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/health.h>
#include <backplane/ext/host_info.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/plugin.h>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace probe {

inline bp_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string text(bp_bytes from) {
  return {static_cast<const char*>(from.data), from.size};
}

inline std::string status_text(bp_status status) {
  static const char* const kNames[] = {"OK",          "INVALID",  "GONE",    "AGAIN",       "LIMIT", "DENIED",
                                       "UNSUPPORTED", "CONFLICT", "TIMEOUT", "UNAVAILABLE", "IO",    "INTERNAL"};
  return -status >= 0 && -status < 12 ? kNames[-status] : std::to_string(status);
}

struct Probe {
  bp_plugin table{};
  bp_plugin_http http{};
  bp_plugin_loop loop{};
  bp_plugin_feed feed{};
  const bp_host* host = nullptr;
  const bp_host_http* h = nullptr;
  const bp_host_loop* l = nullptr;
  const bp_host_health* m = nullptr;
  const bp_host_info* i = nullptr;
  const bp_host_feed* f = nullptr;
  std::string config;
  std::thread starter;  // joined before destroy returns: until then it may be within a host function
  std::map<std::string, bp_op> slots;
  std::map<bp_op, std::string> slot_names;
  bool consume_at_once = false;
  int pipe[2] = {-1, -1};
  std::mutex mutex;
  std::vector<std::string> journal;

  bool configured(std::string_view key, std::string_view value) const {
    return config.find("\"" + std::string(key) + "\":\"" + std::string(value) + "\"") != std::string::npos;
  }
  void note(std::string line) {
    const std::lock_guard lock(mutex);
    journal.push_back(std::move(line));
  }
  void note(const std::string& step, bp_status status) { note(step + " " + status_text(status)); }
  std::string name_of(bp_op op) const {
    const auto found = slot_names.find(op);
    return found == slot_names.end() ? "-" : found->second;
  }
};

// Answers with that status and body as text.
bp_status respond(Probe& probe, bp_op op, std::int32_t status, std::string_view body);

// Does what the query says, on the operation `own` unless a step chooses another, and notes each status.
void run_steps(Probe& probe, bp_op own, std::string_view query);

// Fills the feeds' table as the configuration wants it.
void set_feeds(Probe& probe);
// False: it is no step of feeds.
bool feed_step(Probe& probe, bp_op op, const std::vector<std::string>& words);

}  // namespace probe
