#include "link/plugin_side/plugin_side.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/utf8.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/plugin_call.hpp"
#include "link/status.hpp"

namespace backplane::link {

PluginSide::PluginSide(Settings settings, const base::Clock& clock, PluginQueue& from_host, HostQueue& to_host,
                       Busy& busy, Port* port)
    : settings_(std::move(settings)),
      clock_(clock),
      from_host_(from_host),
      to_host_(to_host),
      busy_(busy),
      port_(port),
      log_gate_(clock),
      tables_(*this),
      loop_(settings_.instance, clock, *this) {}

bool PluginSide::named_by_manifest(std::string_view extension) const {
  for (const std::string& named : settings_.extensions) {
    if (named == extension) return true;
  }
  return false;
}

bool PluginSide::take_messages() {
  if (port_ != nullptr) port_->receive();
  from_host_.take(batch_);
  const bool worked = !batch_.empty();
  for (Message& message : batch_) handle(message);
  batch_.clear();
  advance();
  return worked;
}

void PluginSide::handle(Message& message) {
  switch (message.code) {
    case Code::kStart:
      return start();
    case Code::kStop:
      stop_wanted_ = true;
      return;
    case Code::kConfig:
      return handle_config(message.id, std::get<Config>(message.payload).json);
    case Code::kRequest:
      return handle_request(message.id, std::get<Request>(message.payload));
    case Code::kPart:
      return handle_part(message.id, std::get<Part>(message.payload));
    case Code::kData:
      return handle_data(message.id, std::get<Data>(message.payload));
    case Code::kSent:
      if (states_.sent(message.id, std::get<Count>(message.payload).count)) tell_writable(message.id);
      return;
    case Code::kEnded:
      return handle_ended(message.id, std::get<Reason>(message.payload).reason);
    case Code::kPing:
      to_host_.send({Code::kPong, message.id, {}});
      return;
    case Code::kDemand:
      return handle_demand(message.id, std::get<Demand>(message.payload));
    case Code::kItem:
      return handle_item(message.id, std::get<Item>(message.payload));
    case Code::kRoom:
      for (bp_op op = 0; states_.take_stalled(op);) tell_writable(op);
      return;
    default:
      return;  // a plugin's own code: the host never sends it
  }
}

void PluginSide::start() {
  phase_ = Phase::kStarting;
  const bp_plugin_entry* entry = settings_.entry;
  call(Callback::kCreate, kNoRoute,
       [&] { plugin_ = entry->create(&tables_.host, settings_.instance.c_str(), to_bytes(settings_.config_json)); });
  const std::string wrong = plugin_ == nullptr ? "its create function refused; the log says why" : check_plugin();
  if (!wrong.empty()) return refuse(wrong);
  const bp_cookie cookie = questions_.ask({Questions::Kind::kStart, 0});
  if (!call(Callback::kStart, kNoRoute, [&] { plugin_->start(plugin_->self, cookie); })) {
    answer_question(cookie, BP_E_INTERNAL, "its start function threw an exception");
  }
}

std::string PluginSide::check_plugin() {
  if (!BP_HAS(plugin_, destroy)) {
    plugin_ = nullptr;  // too short to hold even destroy
    return "the table that its create function returned is too short";
  }
  if (plugin_->get_extension == nullptr || plugin_->start == nullptr || plugin_->stop == nullptr ||
      plugin_->destroy == nullptr) {
    return "the table that its create function returned lacks get_extension, start, stop or destroy";
  }
  call(Callback::kGetExtension, kNoRoute, [&] {
    if (named_by_manifest(BP_EXT_HTTP)) {
      http_ = static_cast<const bp_plugin_http*>(plugin_->get_extension(plugin_->self, BP_EXT_HTTP));
    }
    if (named_by_manifest(BP_EXT_LOOP)) {
      loop_events_ = static_cast<const bp_plugin_loop*>(plugin_->get_extension(plugin_->self, BP_EXT_LOOP));
    }
    if (named_by_manifest(BP_EXT_FEED)) {
      feed_events_ = static_cast<const bp_plugin_feed*>(plugin_->get_extension(plugin_->self, BP_EXT_FEED));
    }
  });
  std::string wrong = check_routes();
  return wrong.empty() ? check_feeds() : wrong;
}

std::string PluginSide::check_routes() {
  if (http_ == nullptr) {
    return settings_.routes.empty() ? "" : "its manifest declares routes, and it has no " BP_EXT_HTTP " table";
  }
  if (!BP_HAS(http_, on_end) || http_->on_request == nullptr || http_->on_end == nullptr) {
    return "its " BP_EXT_HTTP " table lacks on_request or on_end";
  }
  route_index_.assign(settings_.routes.size(), kNoRoute);
  for (std::uint32_t i = 0; i < http_->route_count; ++i) {
    const char* id = http_->routes[i];
    bool declared = false;
    for (std::size_t route = 0; id != nullptr && route < settings_.routes.size(); ++route) {
      if (settings_.routes[route].id != id) continue;
      if (route_index_[route] != kNoRoute) return std::string("it handles the route '") + id + "' twice";
      route_index_[route] = i;
      declared = true;
    }
    if (!declared) {
      return std::string("it handles the route '") + (id == nullptr ? "" : id) +
             "', which its manifest does not declare";
    }
  }
  for (std::size_t route = 0; route < route_index_.size(); ++route) {
    if (route_index_[route] == kNoRoute) {
      return "its manifest declares the route '" + settings_.routes[route].id + "', and it has no handler for it";
    }
  }
  return {};
}

std::string PluginSide::check_feeds() {
  if (feed_events_ == nullptr) {
    return settings_.feeds.empty() ? "" : "its manifest declares feeds, and it has no " BP_EXT_FEED " table";
  }
  if (!BP_HAS(feed_events_, on_item)) return "its " BP_EXT_FEED " table is too short";
  if (feed_events_->feed_count != 0 && feed_events_->feeds == nullptr) return "its " BP_EXT_FEED " table has no feeds";
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < feed_events_->feed_count; ++i) {
    const std::string id = feed_events_->feeds[i] == nullptr ? "" : feed_events_->feeds[i];
    const auto found = std::find_if(settings_.feeds.begin(), settings_.feeds.end(),
                                    [&](const FeedInfo& feed) { return feed.id == id; });
    if (found == settings_.feeds.end()) return "it has the feed '" + id + "', which its manifest does not declare";
    const auto place = static_cast<std::uint32_t>(found - settings_.feeds.begin());
    if (std::find(places.begin(), places.end(), place) != places.end()) return "it has the feed '" + id + "' twice";
    places.push_back(place);
  }
  if (places.size() != settings_.feeds.size()) return "its manifest declares feeds that it does not have";
  feeds_.set_feeds(std::move(places));
  return {};
}

void PluginSide::refuse(const std::string& text) {
  // A route's id in it is the plugin's own text.
  to_host_.send({Code::kStarted, 0, Outcome{BP_E_INVALID, base::clean_text(text, limits::kPluginTextBytesMax)}});
  phase_ = Phase::kFailed;
}

bp_status PluginSide::answer_question(bp_cookie cookie, bp_status status, std::string text) {
  const auto question = questions_.take(cookie);
  if (!question) return BP_E_INVALID;
  switch (question->kind) {
    case Questions::Kind::kStart:
      to_host_.send({Code::kStarted, 0, Outcome{status, std::move(text)}});
      start_answered_ = status == BP_OK ? Answered::kYes : Answered::kRefused;
      break;
    case Questions::Kind::kConfig:
      to_host_.send({Code::kConfigured, question->generation, Outcome{status, std::move(text)}});
      return BP_OK;
    case Questions::Kind::kStop:
      stop_answered_ = true;
      break;
  }
  attention_ = true;
  loop_.wake();
  return BP_OK;
}

void PluginSide::advance() {
  attention_ = false;
  if (phase_ == Phase::kStarting) {
    const Answered answered = start_answered_;
    if (answered == Answered::kYes) phase_ = Phase::kRunning;
    // The host asks a plugin to stop that has not answered start only after it has given it up.
    if (answered == Answered::kRefused || (answered == Answered::kNo && stop_wanted_)) phase_ = Phase::kFailed;
  }
  if (phase_ == Phase::kNew && stop_wanted_) return destroy();
  if (phase_ == Phase::kFailed || (phase_ == Phase::kRunning && stop_wanted_)) {
    loop_.close_blocking();
    if (loop_.blocking_unfinished() || !states_.empty()) return;
    if (phase_ == Phase::kFailed) return destroy();
    phase_ = Phase::kStopping;
    const bp_cookie cookie = questions_.ask({Questions::Kind::kStop, 0});
    if (!call(Callback::kStop, kNoRoute, [&] { plugin_->stop(plugin_->self, cookie); })) stop_answered_ = true;
  }
  if (phase_ == Phase::kStopping && stop_answered_) destroy();
}

void PluginSide::destroy() {
  if (plugin_ != nullptr && plugin_->destroy != nullptr) {
    call(Callback::kDestroy, kNoRoute, [&] { plugin_->destroy(plugin_->self); });
  }
  plugin_ = nullptr;
  http_ = nullptr;
  loop_events_ = nullptr;
  feed_events_ = nullptr;
  phase_ = Phase::kDestroyed;
  loop_.quit();
  to_host_.send({Code::kStopped, 0, {}});
}

void PluginSide::threw(Callback callback) {
  ++escapes_;
  const auto pass = log_gate_.pass();
  if (!pass.open) return;
  to_host_.send({Code::kLog, 0, Log{base::Level::kError, std::string(kEscapeLog) + callback_name(callback)}});
}

}  // namespace backplane::link
