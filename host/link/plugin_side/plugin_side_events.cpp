// The callbacks that a running plugin hears.
#include "link/plugin_side/plugin_call.hpp"
#include "link/plugin_side/plugin_side.hpp"

namespace backplane::link {
namespace {

std::int32_t to_kind(op::DataKind kind) {
  switch (kind) {
    case op::DataKind::kBytes:
      return BP_DATA_BYTES;
    case op::DataKind::kText:
      return BP_DATA_TEXT;
    case op::DataKind::kBinary:
      return BP_DATA_BINARY;
  }
  return BP_DATA_BYTES;
}

std::int32_t to_reason(op::End end) {
  switch (end) {
    case op::End::kDone:
      return BP_END_DONE;
    case op::End::kClientGone:
      return BP_END_CLIENT_GONE;
    case op::End::kDeadline:
      return BP_END_DEADLINE;
    case op::End::kRevoked:
      return BP_END_REVOKED;
    case op::End::kStopping:
      return BP_END_STOPPING;
    case op::End::kOverrun:
      return BP_END_OVERRUN;
  }
  return BP_END_DONE;
}

}  // namespace

void PluginSide::handle_request(bp_op op, const Request& request) {
  // The table's http_ is set: the host sends requests only for routes that check_routes has seen.
  const bool websocket = settings_.routes[request.route].websocket;
  states_.open(op, websocket);
  view_.look_at(*request.request, settings_.mount);
  bp_request& seen = view_.get();
  seen.op = op;
  seen.route = route_index_[request.route];
  seen.timeout_ms = request.timeout_ms;
  seen.is_websocket = websocket ? 1 : 0;
  if (call(Callback::kOnRequest, request.route, [&] { http_->on_request(plugin_->self, &seen); })) return;
  if (states_.answer(op) == BP_OK) to_host_.send({Code::kFail, op, Failure{500, {}, {}}});
}

void PluginSide::handle_part(bp_op op, const Part& part) {
  if (http_->on_part == nullptr) return;
  bp_part seen{};
  seen.size = sizeof seen;
  seen.has_filename = part.head.filename ? 1 : 0;
  seen.name = to_bytes(part.head.name);
  if (part.head.filename) seen.filename = to_bytes(*part.head.filename);
  seen.content_type = to_bytes(part.head.content_type);
  call(Callback::kOnPart, kNoRoute, [&] { http_->on_part(plugin_->self, op, &seen); });
}

void PluginSide::handle_data(bp_op op, const Data& data) {
  if (http_->on_data == nullptr) {
    // Nobody wants it; the sender must not wait for credit.
    to_host_.send({Code::kConsume, op, Count{data.bytes.size()}});
    return;
  }
  states_.received(op, data.bytes.size());
  call(Callback::kOnData, kNoRoute,
       [&] { http_->on_data(plugin_->self, op, to_kind(data.kind), to_bytes(data.bytes), data.last ? 1 : 0); });
}

void PluginSide::handle_ended(bp_op op, op::End reason) {
  if (!states_.close(op)) return;
  call(Callback::kOnEnd, kNoRoute, [&] { http_->on_end(plugin_->self, op, to_reason(reason)); });
}

void PluginSide::tell_writable(bp_op op) {
  if (http_->on_writable == nullptr) return;
  call(Callback::kOnWritable, kNoRoute, [&] { http_->on_writable(plugin_->self, op); });
}

void PluginSide::handle_demand(std::uint64_t feed, const Demand& demand) {
  const auto place = feeds_.to_plugin(feed);
  if (feed_events_ == nullptr || feed_events_->on_demand == nullptr || !place) return;
  if (!feeds_.is_news(feed, demand)) return;
  call(Callback::kOnDemand, kNoRoute,
       [&] { feed_events_->on_demand(plugin_->self, *place, demand.wanted ? 1 : 0, to_bytes(demand.last_id)); });
}

void PluginSide::handle_item(std::uint64_t subscription, const Item& item) {
  to_host_.send({Code::kItemsTaken, subscription, Count{1}});
  const auto cookie = feeds_.subscription(subscription);
  if (feed_events_ == nullptr || feed_events_->on_item == nullptr || !cookie) return;
  bp_feed_item seen{};
  seen.size = sizeof seen;
  seen.bytes = to_bytes(item.bytes);
  seen.id = to_bytes(item.id);
  call(Callback::kOnItem, kNoRoute, [&] { feed_events_->on_item(plugin_->self, *cookie, &seen, item.lost); });
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
  if (loop_events_ == nullptr || !BP_HAS(loop_events_, on_timer) || loop_events_->on_timer == nullptr) return;
  call(Callback::kOnTimer, kNoRoute, [&] { loop_events_->on_timer(plugin_->self, timer); });
}

void PluginSide::on_fd(bp_cookie watch, std::uint32_t events) {
  if (loop_events_ == nullptr || !BP_HAS(loop_events_, on_fd) || loop_events_->on_fd == nullptr) return;
  call(Callback::kOnFd, kNoRoute, [&] { loop_events_->on_fd(plugin_->self, watch, events); });
}

void PluginSide::on_blocking_done(bp_cookie cookie) {
  if (loop_events_ == nullptr || !BP_HAS(loop_events_, on_blocking_done) || loop_events_->on_blocking_done == nullptr) {
    return;
  }
  call(Callback::kOnBlockingDone, kNoRoute, [&] { loop_events_->on_blocking_done(plugin_->self, cookie); });
}

}  // namespace backplane::link
