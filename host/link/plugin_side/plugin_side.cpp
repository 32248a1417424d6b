#include "link/plugin_side/plugin_side.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"
#include "link/limits.hpp"
#include "link/plugin_side/abi_values.hpp"

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
  return std::ranges::find(settings_.extensions, extension) != settings_.extensions.end();
}

template <class Function>
bool PluginSide::call(Callback callback, std::uint32_t route, Function function) {
  busy_.enter(callback, route, clock_);
  bool came_back = true;
  try {
    function();
  } catch (...) {  // the ABI forbids it, and the SDK stops it; a plugin without the SDK must not take the daemon down
    came_back = false;
  }
  busy_.leave();
  if (!came_back) threw(callback);
  return came_back;
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
  std::string wrong = plugin_ == nullptr ? "its create function refused; the log says why" : wrong_with_table(*plugin_);
  if (!wrong.empty()) {
    if (plugin_ != nullptr && !BP_HAS(plugin_, destroy)) plugin_ = nullptr;  // too short to hold even destroy
    return refuse(wrong);
  }
  call(Callback::kGetExtension, kNoRoute, [&] { extensions_.ask(*plugin_, settings_); });
  wrong = extensions_.wrong_with_routes(settings_);
  if (wrong.empty()) wrong = extensions_.wrong_with_feeds(settings_, feeds_);
  if (!wrong.empty()) return refuse(wrong);
  const bp_cookie cookie = questions_.ask({Questions::Kind::kStart, 0});
  if (!call(Callback::kStart, kNoRoute, [&] { plugin_->start(plugin_->self, cookie); })) {
    answer_question(cookie, BP_E_INTERNAL, "its start function threw an exception");
  }
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
  extensions_ = {};
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

// --- What a running plugin hears ---

void PluginSide::handle_request(bp_op op, const Request& request) {
  // Its table is there: the host sends requests only for routes that wrong_with_routes has seen.
  const bool websocket = settings_.routes[request.route].websocket;
  states_.open(op, websocket);
  view_.look_at(*request.request, settings_.mount);
  bp_request& seen = view_.get();
  seen.op = op;
  seen.route = extensions_.plugins_route(request.route);
  seen.timeout_ms = request.timeout_ms;
  seen.is_websocket = websocket ? 1 : 0;
  if (call(Callback::kOnRequest, request.route, [&] { http()->on_request(plugin_->self, &seen); })) return;
  if (states_.answer(op) == BP_OK) to_host_.send({Code::kFail, op, Failure{500, {}, {}}});
}

void PluginSide::handle_part(bp_op op, const Part& part) {
  if (http()->on_part == nullptr) return;
  bp_part seen{};
  seen.size = sizeof seen;
  seen.has_filename = part.head.filename ? 1 : 0;
  seen.name = to_bytes(part.head.name);
  if (part.head.filename) seen.filename = to_bytes(*part.head.filename);
  seen.content_type = to_bytes(part.head.content_type);
  call(Callback::kOnPart, kNoRoute, [&] { http()->on_part(plugin_->self, op, &seen); });
}

void PluginSide::handle_data(bp_op op, const Data& data) {
  if (http()->on_data == nullptr) {
    // Nobody wants it; the sender must not wait for credit.
    to_host_.send({Code::kConsume, op, Count{data.bytes.size()}});
    return;
  }
  states_.received(op, data.bytes.size());
  call(Callback::kOnData, kNoRoute,
       [&] { http()->on_data(plugin_->self, op, to_abi(data.kind), to_bytes(data.bytes), data.last ? 1 : 0); });
}

void PluginSide::handle_ended(bp_op op, op::End reason) {
  if (!states_.close(op)) return;
  call(Callback::kOnEnd, kNoRoute, [&] { http()->on_end(plugin_->self, op, to_abi(reason)); });
}

void PluginSide::tell_writable(bp_op op) {
  if (http()->on_writable == nullptr) return;
  call(Callback::kOnWritable, kNoRoute, [&] { http()->on_writable(plugin_->self, op); });
}

void PluginSide::handle_demand(std::uint64_t feed, const Demand& demand) {
  const auto* events = extensions_.table<bp_plugin_feed>(BP_EXT_FEED);
  const auto place = feeds_.to_plugin(feed);
  if (events == nullptr || events->on_demand == nullptr || !place) return;
  if (!feeds_.is_news(feed, demand)) return;
  call(Callback::kOnDemand, kNoRoute,
       [&] { events->on_demand(plugin_->self, *place, demand.wanted ? 1 : 0, to_bytes(demand.last_id)); });
}

void PluginSide::handle_item(std::uint64_t subscription, const Item& item) {
  const auto* events = extensions_.table<bp_plugin_feed>(BP_EXT_FEED);
  to_host_.send({Code::kItemsTaken, subscription, Count{1}});
  const auto cookie = feeds_.subscription(subscription);
  if (events == nullptr || events->on_item == nullptr || !cookie) return;
  bp_feed_item seen{};
  seen.size = sizeof seen;
  seen.bytes = to_bytes(item.bytes);
  seen.id = to_bytes(item.id);
  call(Callback::kOnItem, kNoRoute, [&] { events->on_item(plugin_->self, *cookie, &seen, item.lost); });
}

void PluginSide::handle_config(std::uint64_t generation, const std::string& json) {
  if (phase_ != Phase::kRunning || !BP_HAS(plugin_, on_config) || plugin_->on_config == nullptr) {
    to_host_.send({Code::kConfigured, generation, Outcome{BP_E_UNSUPPORTED, {}}});
    return;
  }
  const bp_cookie cookie = questions_.ask({Questions::Kind::kConfig, generation});
  if (!call(Callback::kOnConfig, kNoRoute, [&] { plugin_->on_config(plugin_->self, cookie, to_bytes(json)); })) {
    answer_question(cookie, BP_E_INTERNAL, "its on_config function threw an exception");
  }
}

void PluginSide::on_post(bp_cookie cookie) {
  if (plugin_ == nullptr || !BP_HAS(plugin_, on_post) || plugin_->on_post == nullptr) return;
  call(Callback::kOnPost, kNoRoute, [&] { plugin_->on_post(plugin_->self, cookie); });
}

void PluginSide::on_timer(bp_cookie timer) {
  const auto* events = extensions_.table<bp_plugin_loop>(BP_EXT_LOOP);
  if (events == nullptr || !BP_HAS(events, on_timer) || events->on_timer == nullptr) return;
  call(Callback::kOnTimer, kNoRoute, [&] { events->on_timer(plugin_->self, timer); });
}

void PluginSide::on_fd(bp_cookie watch, std::uint32_t happened) {
  const auto* events = extensions_.table<bp_plugin_loop>(BP_EXT_LOOP);
  if (events == nullptr || !BP_HAS(events, on_fd) || events->on_fd == nullptr) return;
  call(Callback::kOnFd, kNoRoute, [&] { events->on_fd(plugin_->self, watch, happened); });
}

void PluginSide::on_blocking_done(bp_cookie cookie) {
  const auto* events = extensions_.table<bp_plugin_loop>(BP_EXT_LOOP);
  if (events == nullptr || !BP_HAS(events, on_blocking_done) || events->on_blocking_done == nullptr) {
    return;
  }
  call(Callback::kOnBlockingDone, kNoRoute, [&] { events->on_blocking_done(plugin_->self, cookie); });
}

}  // namespace backplane::link
