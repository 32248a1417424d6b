// Stands between the C tables and a plugin class: one Instance is one `bp_plugin`. Nothing that a callback throws
// passes it.
#pragma once

#include <array>
#include <backplane/plugin_base.hpp>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace backplane::sdk {

template <class Class>
class Instance {
 public:
  static const bp_plugin* create(const bp_host* host, const char* instance_name, bp_bytes config_json) noexcept {
    try {
      const Startup startup{host, instance_name, view(config_json)};
      return &(new Instance(startup))->plugin_table_;  // freed by destroy
    } catch (...) {
      try {
        if (offers(host, &bp_host::log)) host->log(host, BP_LOG_ERROR, bytes(Host::escape_text("create")));
      } catch (...) {  // out of memory: null says it
      }
      return nullptr;
    }
  }

 private:
  static constexpr std::size_t kRouteCount = std::size(Class::kRoutes);
  static constexpr std::uint32_t kFeedCount = std::size(Class::kFeeds);

  explicit Instance(const Startup& startup) : plugin_(startup) {
    for (std::size_t i = 0; i < kRouteCount; ++i) route_ids_[i] = Class::kRoutes[i].id;
    plugin_table_.self = this;
    http_table_.routes = route_ids_.data();
  }

  static Instance& from(void* self) { return *static_cast<Instance*>(self); }

  template <class Action>
  static void guarded(void* self, const char* where, bp_op number, Action action) noexcept {
    Instance& instance = from(self);
    const Operation operation(instance.base().host_.tables(), number);
    try {
      action(instance.plugin_, operation);
    } catch (...) {
      instance.base().host_.report_escape(where, operation);
    }
  }

  template <class Action>
  static void asked(void* self, const char* where, bp_cookie cookie, Action action) noexcept {
    Plugin& plugin = from(self).base();
    std::shared_ptr<detail::Question> question;
    std::string escape;
    try {
      question = std::make_shared<detail::Question>(plugin.host_.tables().host, cookie);
      action(plugin, Done(question));
    } catch (...) {
      plugin.host_.report_escape(where);
      escape = Host::escape_text(where);
    }
    if (question) question->callback_returned(escape);
  }

  Plugin& base() { return plugin_; }

  static const void* get_extension(void* self, const char* id) noexcept {
    if (std::strcmp(id, BP_EXT_HTTP) == 0) return &from(self).http_table_;
    if (std::strcmp(id, BP_EXT_LOOP) == 0) return &from(self).loop_table_;
    if (std::strcmp(id, BP_EXT_FEED) == 0) return &from(self).feed_table_;
    return nullptr;
  }
  static void start(void* self, bp_cookie done) noexcept {
    asked(self, "start", done, [](Plugin& plugin, Done answer) { plugin.start(std::move(answer)); });
  }
  static void stop(void* self, bp_cookie done) noexcept {
    asked(self, "stop", done, [](Plugin& plugin, Done answer) { plugin.stop(std::move(answer)); });
  }
  static void destroy(void* self) noexcept { delete &from(self); }
  static void on_config(void* self, bp_cookie done, bp_bytes json) noexcept {
    asked(self, "on_config", done,
          [json](Plugin& plugin, Done answer) { plugin.on_config(std::move(answer), view(json)); });
  }
  static void on_post(void* self, bp_cookie cookie) noexcept {
    guarded(self, "post", 0, [=](Plugin& plugin, Operation) { plugin.loop_.on_post(cookie); });
  }

  static void on_request(void* self, const bp_request* request) noexcept {
    const char* where = request->route < kRouteCount ? Class::kRoutes[request->route].id : "on_request";
    guarded(self, where, request->op, [request](Class& plugin, Operation operation) {
      if (request->route >= kRouteCount) {
        operation.fail(500, "The plugin has no such route.");
        return;
      }
      (plugin.*Class::kRoutes[request->route].handler)(Request(*request), operation);
    });
  }
  static void on_part(void* self, bp_op op, const bp_part* part) noexcept {
    guarded(self, "on_part", op, [=](Plugin& plugin, Operation operation) { plugin.on_part(operation, Part(*part)); });
  }
  static void on_data(void* self, bp_op op, std::int32_t kind, bp_bytes data, std::int32_t last) noexcept {
    guarded(self, "on_data", op, [=](Plugin& plugin, Operation operation) {
      plugin.on_data(operation, static_cast<DataKind>(kind), view(data), last != 0);
    });
  }
  static void on_writable(void* self, bp_op op) noexcept {
    guarded(self, "on_writable", op, [](Plugin& plugin, Operation operation) { plugin.on_writable(operation); });
  }
  static void on_end(void* self, bp_op op, std::int32_t reason) noexcept {
    guarded(self, "on_end", op, [reason](Plugin& plugin, Operation operation) {
      plugin.on_end(operation, static_cast<EndReason>(reason));
    });
    guarded(self, "on_end", op, [](Plugin& plugin, Operation operation) { plugin.free_state(operation.number()); });
  }

  static void on_timer(void* self, bp_cookie timer) noexcept {
    guarded(self, "timer", 0, [=](Plugin& plugin, Operation) { plugin.loop_.on_timer(timer); });
  }
  static void on_fd(void* self, bp_cookie watch, std::uint32_t events) noexcept {
    guarded(self, "fd", 0, [=](Plugin& plugin, Operation) { plugin.loop_.on_fd(watch, events); });
  }
  static void on_blocking_done(void* self, bp_cookie cookie) noexcept {
    guarded(self, "blocking work", 0, [=](Plugin& plugin, Operation) { plugin.loop_.on_blocking_done(cookie); });
  }

  static void on_demand(void* self, std::uint32_t feed, std::int32_t wanted, bp_bytes last_id) noexcept {
    guarded(self, "on_demand", 0,
            [=](Plugin& plugin, Operation) { plugin.on_demand(feed, wanted != 0, view(last_id)); });
  }
  static void on_item(void* self, bp_cookie subscription, const bp_feed_item* item, std::uint64_t lost) noexcept {
    guarded(self, "on_item", 0, [=](Plugin& plugin, Operation) {
      plugin.on_item(subscription, {view(item->bytes), view(item->id)}, lost);
    });
  }

  bp_plugin plugin_table_{
      sizeof(bp_plugin), 0, nullptr, &get_extension, &start, &stop, &destroy, &on_config, &on_post,
  };
  bp_plugin_http http_table_{
      sizeof(bp_plugin_http), kRouteCount, nullptr, &on_request, &on_part, &on_data, &on_writable, &on_end,
  };
  bp_plugin_loop loop_table_{sizeof(bp_plugin_loop), 0, &on_timer, &on_fd, &on_blocking_done};
  bp_plugin_feed feed_table_{sizeof(bp_plugin_feed), kFeedCount, std::data(Class::kFeeds), &on_demand, &on_item};
  std::array<const char*, kRouteCount> route_ids_{};
  Class plugin_;
};

}  // namespace backplane::sdk
