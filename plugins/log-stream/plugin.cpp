// log-stream: the device's log for PiKVM's, DragonMint's and our own clients. Entry and routes only; reading, forms and
// followers are the parts beside this file.
#include <algorithm>
#include <backplane/plugin.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dialects/kvmd/validators.hpp"
#include "log-stream/entry.hpp"
#include "log-stream/journal/lists.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/log_source.hpp"
#include "log-stream/query/request_headers.hpp"
#include "log-stream/query/request_parameters.hpp"
#include "log-stream/readers.hpp"
#include "log-stream/settings.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kSecretsScope = "logs.secrets";

std::uint64_t now_us() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

class LogStream final : public sdk::Plugin {
 public:
  explicit LogStream(const sdk::Startup& startup) : Plugin(startup), settings_(parse_settings(startup.config_json)) {}

  void start(sdk::Done done) override {
    kvmd_api_version_ = host().fact("compat.kvmd.api_version") == "3" ? 3 : 4;
    readers_.set_rules(settings_.masks, settings_.kvmd_units);
    search_.start(settings_.place);
    done.ok();
  }

  void stop(sdk::Done done) override {
    readers_.stop();
    search_.stop();
    done.ok();
  }

  void on_config(sdk::Done done, std::string_view config_json) override {
    try {
      Settings settings = parse_settings(config_json);
      if (settings.place.directory != settings_.place.directory) {
        done.answer(BP_E_UNSUPPORTED, "another directory");
        return;
      }
      settings_ = std::move(settings);
    } catch (const std::invalid_argument& problem) {
      done.answer(BP_E_INVALID, problem.what());
      return;
    }
    readers_.set_rules(settings_.masks, settings_.kvmd_units);
    readers_.end_masked();
    done.ok();
  }

  // GET /api/log (pikvm.md §6).
  void kvmd_log(const sdk::Request& request, sdk::Operation operation) {
    if (!settings_.kvmd_enabled) {
      operation.fail(400, "LogReader is disabled", "LogReaderDisabledError");
      return;
    }
    const auto seek = dialects::kvmd::valid_int(request.query("seek").value_or("0"), "log seek", 0, kvmd_api_version_);
    if (!seek) {
      operation.fail(seek.failure());
      return;
    }
    const auto follow = dialects::kvmd::valid_bool(request.query("follow").value_or("false"));
    if (!follow) {
      operation.fail(follow.failure());
      return;
    }
    Query query;
    query.boot_id = source_.boot_id();
    query.units = settings_.kvmd_units;
    query.written_by_units = true;
    query.follow = *follow;
    const auto seconds = static_cast<std::uint64_t>(*seek);
    const std::uint64_t now = now_us();
    if (seconds != 0 && seconds < now / 1'000'000) query.since_us = now - seconds * 1'000'000;
    answer(request, operation, query, {.format = Format::kKvmd, .entry_a_piece = true, .shared = true});
  }

  // GET /stream/logs (dragonmint.md §3.7): the whole journal, then what comes, in the form that Accept names.
  void stream_logs(const sdk::Request& request, sdk::Operation operation) {
    auto query = parse(request, operation, sdk::Fields(bp_fields{}));
    if (!query) return;
    query->follow = true;
    answer(request, operation, *query, {.format = accepted_format(request.header("Accept").value_or(""))});
  }

  // In the original's words (dragonmint.md §3.7); every other method gets the host's 405.
  void refuse_post(const sdk::Request&, sdk::Operation operation) {
    operation.respond(sdk::Response(406).body("text/plain", "Unsupported method.\n"));
  }

  // /api/getLogs (dragonmint.md §3): the whole journal as a file.
  void get_logs(const sdk::Request& request, sdk::Operation operation) {
    answer(request, operation, Query{}, {.format = Format::kShort},
           sdk::Response().header("Content-Disposition", "attachment; filename=\"logs.txt\""));
  }

  void entries(const sdk::Request& request, sdk::Operation operation) {
    const auto format =
        accepted(operation, wanted_format(request.query("format"), request.header("Accept").value_or("")));
    if (!format) return;
    const auto lines = accepted(operation, parse_lines(request.query("lines")));
    if (!lines) return;
    auto query = parse(request, operation, request.query_fields(), {"format", "lines"});
    if (!query) return;
    begin_with(*lines, *query);
    answer(request, operation, *query, {.format = *format});
  }

  // A WebSocket that follows.
  void live(const sdk::Request& request, sdk::Operation operation) {
    const auto format = accepted(operation, message_format(request.query("format").value_or("json")));
    if (!format) return;
    auto lines = accepted(operation, parse_lines(request.query("lines")));
    if (!lines) return;
    auto query = parse(request, operation, request.query_fields(), {"format", "lines"});
    if (!query) return;
    query->follow = true;
    const bool begins_somewhere =
        query->since_us || !query->cursor.empty() || !query->boot_id.empty() || query->skip != 0;
    if (!begins_somewhere && !*lines) *lines = 0;
    begin_with(*lines, *query);
    answer(request, operation, *query, {.format = *format, .messages = true});
  }

  void boots(const sdk::Request&, sdk::Operation operation) {
    if (!needs_journal(operation)) return;
    run(operation, [place = settings_.place] { return boots_json(list_boots(place)); });
  }

  void field(const sdk::Request& request, sdk::Operation operation) {
    std::string name(request.path_parameter("name"));
    if (!is_match_field(name)) {
      operation.fail(400, "a field of the journal has 1 to 64 of A-Z, 0-9 and '_', such as _SYSTEMD_UNIT");
      return;
    }
    if (!needs_journal(operation)) return;
    const bool masked = !request.has_scope(kSecretsScope);
    run(operation, [place = settings_.place, name = std::move(name), masks = settings_.masks, masked] {
      return field_values_json(name, list_field_values(place, name, masked ? masks.get() : nullptr));
    });
  }

  void on_writable(sdk::Operation operation) override { readers_.on_writable(operation); }
  void on_end(sdk::Operation operation, sdk::EndReason) override { readers_.on_end(operation); }
  void on_demand(std::uint32_t feed, bool wanted, std::string_view last_id) override {
    readers_.on_demand(feed, wanted, last_id);
  }
  void on_item(bp_cookie, const sdk::FeedItem& item, std::uint64_t) override { search_.on_item(item.bytes); }

  static constexpr sdk::Route<LogStream> kRoutes[] = {{"kvmd-log", &LogStream::kvmd_log},
                                                      {"stream-logs", &LogStream::stream_logs},
                                                      {"stream-logs-post", &LogStream::refuse_post},
                                                      {"get-logs", &LogStream::get_logs},
                                                      {"get-logs-post", &LogStream::get_logs},
                                                      {"entries", &LogStream::entries},
                                                      {"live", &LogStream::live},
                                                      {"boots", &LogStream::boots},
                                                      {"field", &LogStream::field}};
  static constexpr auto kFeeds = kFeedIds;

 private:
  // The last so many entries, and with 0 what comes; nothing changes nothing.
  static void begin_with(std::optional<std::int64_t> lines, Query& query) {
    if (!lines) return;
    query.skip = -*lines;
    if (*lines == 0 && !query.since_us) query.since_us = now_us();
  }

  // Nothing: the operation was refused.
  std::optional<Query> parse(const sdk::Request& request, sdk::Operation operation, sdk::Fields parameters,
                             std::vector<std::string_view> own_parameters = {}) {
    const auto boot_of = [this](std::int64_t index) { return find_boot(settings_.place, index); };
    return accepted(operation, parse_query({parameters, request.header("Range"), now_us(), source_.boot_id(), boot_of,
                                            std::move(own_parameters)}));
  }

  // Nothing: the operation was refused.
  template <class T>
  static std::optional<T> accepted(sdk::Operation operation, sdk::Result<T> parsed) {
    if (parsed) return *std::move(parsed);
    operation.fail(parsed.failure());
    return std::nullopt;
  }

  // Checks what has to be checked before the first byte, then streams.
  void answer(const sdk::Request& request, sdk::Operation operation, const Query& query, AnswerForm form,
              sdk::Response head = sdk::Response()) {
    form.follow = query.follow;
    const bool from_now = !query.since_us || *query.since_us <= now_us();  // what is shared begins at once
    form.shared = query.follow && from_now && (form.shared || is_unfiltered(query));
    form.masked = !request.has_scope(kSecretsScope);
    const bool own_follower = form.follow && !form.shared;
    form.uid = request.uid();
    if (readers_.size() >= kReadersMax || readers_.of_user(form.uid) >= kReadersPerUserMax) {
      operation.fail(503, "too many clients read the log at this moment; try again in a second");
      return;
    }
    if (own_follower && !has_place_for_follower(operation, form.uid)) return;
    const auto masks = form.masked ? settings_.masks : nullptr;
    auto opened = source_.open(settings_.place, query, fields_of(form.format), masks.get());
    if (!opened) {
      operation.fail(opened.failure());
      return;
    }
    if (!form.messages) head.content_type(std::string(content_type(form.format))).header("Cache-Control", "no-store");
    if (operation.begin(head) != BP_OK) return;
    if (request.method() == "HEAD") {
      operation.end();
      return;
    }
    readers_.add(operation, *std::move(opened), form, masks);
  }

  // Each follower with filters reads the journal by itself, so there are few. False: the operation was refused.
  bool has_place_for_follower(sdk::Operation operation, std::int64_t uid) const {
    const std::size_t most = settings_.filtered_followers_max;
    if (readers_.own_followers() >= most) {
      operation.fail(503, "too many clients follow the log with filters; try again later, or follow without filters");
      return false;
    }
    const std::size_t share = std::max<std::size_t>(most / kFilteredFollowersShares, 1);
    if (readers_.own_followers_of(uid) < share) return true;
    operation.fail(503, "this user follows the log with filters " + std::to_string(share) +
                            " times already, which is a user's share; end one of these, or follow without filters");
    return false;
  }

  bool needs_journal(sdk::Operation operation) const {
    if (source_.has_journal()) return true;
    operation.fail(503, search_.absence());
    return false;
  }

  // Makes a list beside the plugin's thread: a large journal takes its time.
  template <class Make>
  void run(sdk::Operation operation, Make make) {
    const bp_status status = loop().run_blocking(
        std::move(make),
        [operation](sdk::Result<std::string> made) {
          if (!made) {
            operation.fail(made.failure());
            return;
          }
          const auto answer = sdk::Response::json(*std::move(made));
          if (operation.respond(answer) != BP_E_AGAIN) return;
          operation.fail(503, "too much is under way to other clients; try again in a second");
        },
        operation);
    if (status != BP_OK) operation.fail(503, "too many lists are being made; try again in a second");
  }

  Settings settings_;
  int kvmd_api_version_ = 4;
  LogSource source_;
  Readers readers_{host(), loop(), [this](const Query& query, Fields fields) {
                     return source_.open(settings_.place, query, fields, nullptr);
                   }};
  JournalSearch search_{host(), loop(), source_, readers_};
};

}  // namespace
}  // namespace backplane::log_stream

using backplane::log_stream::LogStream;
BACKPLANE_PLUGIN(LogStream);
