// What every plugin may ask of the host at any time, from any thread: log lines, its health, metrics, facts about the
// daemon and a folder of its own. Where the host lacks an extension the call does nothing and says so.
#pragma once

#include <atomic>
#include <backplane/feed.hpp>
#include <backplane/fields.hpp>
#include <backplane/operation.hpp>
#include <backplane/tables.hpp>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::sdk {

enum class State : std::int32_t { kRunning = BP_STATE_RUNNING, kDegraded = BP_STATE_DEGRADED };
enum class Metric : std::int32_t { kGauge = BP_METRIC_GAUGE, kCounter = BP_METRIC_COUNTER };

class Host {
 public:
  explicit Host(const bp_host* host) : tables_(host) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const Tables& tables() const { return tables_; }

  // Cut at 4 KiB by the host. Never log a secret.
  void debug(std::string_view text) const { log(BP_LOG_DEBUG, text); }
  void info(std::string_view text) const { log(BP_LOG_INFO, text); }
  void warning(std::string_view text) const { log(BP_LOG_WARNING, text); }
  void error(std::string_view text) const { log(BP_LOG_ERROR, text); }
  void log(std::int32_t level, std::string_view text) const {
    if (offers(tables_.host, &bp_host::log)) tables_.host->log(tables_.host, level, bytes(text));
  }

  // What operators see. A text for kDegraded says what is missing and how to mend it.
  bp_status set_state(State state, std::string_view text = {}) const {
    return call(tables_.health, &bp_host_health::set_state, tables_.host, static_cast<std::int32_t>(state),
                bytes(text));
  }

  // The present value; /metrics shows it as backplane_plugin_<name>.
  bp_status metric(std::string_view name, double value, Metric kind = Metric::kGauge,
                   std::initializer_list<Field> labels = {}) const {
    std::vector<bp_field> pairs;
    pairs.reserve(labels.size());
    for (const Field& label : labels) pairs.push_back({bytes(label.name), bytes(label.value)});
    const bp_fields list{pairs.data(), pairs.size(), sizeof(bp_field)};
    return call(tables_.health, &bp_host_health::metric, tables_.host, bytes(name), list,
                static_cast<std::int32_t>(kind), value);
  }

  // Adds an item to the plugin's feed of that place in kFeeds. BP_E_AGAIN: too much is on its way, and it was left out.
  bp_status publish(std::uint32_t feed, const FeedItem& item) const {
    const bp_feed_item seen = to_abi(item);
    return call(tables_.feed, &bp_host_feed::publish, tables_.host, feed, static_cast<const bp_feed_item*>(&seen));
  }

  // Makes the client of a begun operation a reader of the feed, behind what was written to it. What is published from
  // now on goes to it, until on_demand says that nobody reads.
  bp_status attach(Operation operation, std::uint32_t feed, const Framing& framing) const {
    const bp_framing seen = to_abi(framing);
    return call(tables_.feed, &bp_host_feed::attach, tables_.host, operation.number(), feed,
                static_cast<const bp_framing*>(&seen));
  }

  // Reads a feed that the manifest's needs name: on_item follows, under the plugin's own number `subscription`.
  bp_status subscribe(bp_cookie subscription, std::string_view feed) const {
    return call(tables_.feed, &bp_host_feed::subscribe, tables_.host, subscription, bytes(feed));
  }
  bp_status unsubscribe(bp_cookie subscription) const {
    return call(tables_.feed, &bp_host_feed::unsubscribe, tables_.host, subscription);
  }

  // A fact by its key ("version", "device_name", "instance", …; ext/host_info.h). Empty: this host does not know it.
  std::string fact(const char* key) const {
    return text([&](char* buffer, std::size_t capacity, std::size_t* length) {
      return call(tables_.info, &bp_host_info::get, tables_.host, key, buffer, capacity, length);
    });
  }

  // The path of a folder that only this instance uses and that survives restarts. Empty: there is none.
  std::string data_dir() const {
    return text([&](char* buffer, std::size_t capacity, std::size_t* length) {
      return call(tables_.info, &bp_host_info::data_dir, tables_.host, buffer, capacity, length);
    });
  }

  // Only inside a catch block: logs what escaped from `where`, counts it in the metric callback_exceptions, and answers
  // the operation with 500 where there is one that is unanswered. The SDK does this for every callback.
  void report_escape(std::string_view where, Operation operation = {}) noexcept {
    try {
      error(escape_text(where));
      metric("callback_exceptions", static_cast<double>(++escapes_), Metric::kCounter);
      operation.fail(500, "The plugin failed to handle this request.");
    } catch (...) {  // out of memory: the operation's deadline answers it
    }
  }

  // Only inside a catch block: "<where>: <what was thrown>".
  static std::string escape_text(std::string_view where) {
    std::string text(where);
    try {
      throw;
    } catch (const std::exception& problem) {
      text.append(": ").append(problem.what());
    } catch (...) {
      text.append(": something that is no std::exception");
    }
    return text;
  }

 private:
  template <class Copy>
  static std::string text(Copy copy) {
    constexpr std::size_t kUsualLength = 256;
    constexpr int kAttemptsMax = 4;  // the value may grow between two calls
    std::string buffer(kUsualLength, '\0');
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      std::size_t length = 0;
      const bp_status status = copy(buffer.data(), buffer.size() + 1, &length);
      if (status == BP_OK && length <= buffer.size()) {
        buffer.resize(length);
        return buffer;
      }
      if (status != BP_E_LIMIT || length <= buffer.size()) break;
      buffer.resize(length);
    }
    return {};
  }

  Tables tables_;
  std::atomic<std::uint64_t> escapes_{0};
};

}  // namespace backplane::sdk
