// One instance of a built plugin on a fake host: the calls that a host makes, in their order.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/fake_host.hpp"

namespace backplane::test {

inline bp_bytes bytes_of(std::string_view text) {
  return {text.data(), text.size()};
}

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

// What a request carries besides its route.
struct Asked {
  Pairs path = {};
  Pairs query = {};
  Pairs headers = {};
  Pairs fields = {};
  std::vector<std::string_view> scopes = {};
  std::string_view method = "POST";
  std::int64_t uid = 0;
};

class LoadedInstance {
 public:
  LoadedInstance(const char* path, FakeHost& host, std::string_view config_json)
      : plugin_(load_plugin(path).create(host.table(), "one", bytes_of(config_json))) {
    if (plugin_ == nullptr) return;
    http_ = static_cast<const bp_plugin_http*>(plugin_->get_extension(plugin_->self, BP_EXT_HTTP));
    loop_ = static_cast<const bp_plugin_loop*>(plugin_->get_extension(plugin_->self, BP_EXT_LOOP));
    feed_ = static_cast<const bp_plugin_feed*>(plugin_->get_extension(plugin_->self, BP_EXT_FEED));
  }
  LoadedInstance(const LoadedInstance&) = delete;
  LoadedInstance& operator=(const LoadedInstance&) = delete;
  ~LoadedInstance() { destroy(); }

  bool refused() const { return plugin_ == nullptr; }
  const bp_plugin_http& http() const { return *http_; }
  const bp_plugin_loop& loop() const { return *loop_; }
  const bp_plugin_feed& feed() const { return *feed_; }

  void start(bp_cookie done = 1) { plugin_->start(plugin_->self, done); }
  void stop(bp_cookie done = 2) { plugin_->stop(plugin_->self, done); }
  void configure(std::string_view json, bp_cookie done = 3) { plugin_->on_config(plugin_->self, done, bytes_of(json)); }
  void post(bp_cookie cookie) { plugin_->on_post(plugin_->self, cookie); }
  void destroy() {
    if (plugin_ != nullptr) plugin_->destroy(plugin_->self);
    plugin_ = nullptr;
  }

  // Delivers a request for the route of that id under that number; every byte of it is gone when it returns.
  void request(bp_op op, std::string_view route, const Asked& asked = {}) {
    const auto path = wide(asked.path), query = wide(asked.query), headers = wide(asked.headers),
               fields = wide(asked.fields);
    std::vector<bp_bytes> scopes;
    for (const std::string_view scope : asked.scopes) scopes.push_back(bytes_of(scope));
    bp_request request{};
    request.size = sizeof request;
    request.route = index_of(route);
    request.op = op;
    request.method = bytes_of(asked.method);
    request.uid = asked.uid;
    request.path = bytes_of("/api/somewhere");
    request.path_parameters = list(path);
    request.query_fields = list(query);
    request.headers = list(headers);
    request.fields = list(fields);
    request.user = bytes_of("admin");
    request.scopes = scopes.data();
    request.scope_count = scopes.size();
    http_->on_request(plugin_->self, &request);
  }
  void data(bp_op op, std::string_view piece, bool last) {
    http_->on_data(plugin_->self, op, BP_DATA_BYTES, bytes_of(piece), last ? 1 : 0);
  }
  void writable(bp_op op) { http_->on_writable(plugin_->self, op); }
  void end(bp_op op, std::int32_t reason = BP_END_DONE) { http_->on_end(plugin_->self, op, reason); }
  void timer(bp_cookie timer) { loop_->on_timer(plugin_->self, timer); }
  void fd(bp_cookie watch) { loop_->on_fd(plugin_->self, watch, BP_FD_READ); }
  void demand(std::uint32_t feed, bool wanted, std::string_view last_id = {}) {
    feed_->on_demand(plugin_->self, feed, wanted ? 1 : 0, bytes_of(last_id));
  }
  void item(bp_cookie subscription, std::string_view text, std::string_view id = {}, std::uint64_t lost = 0) {
    const bp_feed_item item{sizeof item, 0, bytes_of(text), bytes_of(id)};
    feed_->on_item(plugin_->self, subscription, &item, lost);
  }
  void blocking_done(bp_cookie cookie) { loop_->on_blocking_done(plugin_->self, cookie); }

 private:
  // A field as a later host may make it: longer than this plugin knows, so that only the stride finds the next.
  struct WideField {
    bp_field field;
    void* later = nullptr;
  };
  static std::vector<WideField> wide(const Pairs& pairs) {
    std::vector<WideField> fields;
    for (const auto& [name, value] : pairs) fields.push_back({{bytes_of(name), bytes_of(value)}});
    return fields;
  }
  static bp_fields list(const std::vector<WideField>& fields) {
    return {fields.empty() ? nullptr : &fields.front().field, fields.size(), sizeof(WideField)};
  }
  std::uint32_t index_of(std::string_view route) const {
    std::uint32_t index = 0;
    while (index < http_->route_count && http_->routes[index] != route) ++index;
    return index;  // route_count where there is none: what a broken host would send
  }

  const bp_plugin* plugin_;
  const bp_plugin_http* http_ = nullptr;
  const bp_plugin_loop* loop_ = nullptr;
  const bp_plugin_feed* feed_ = nullptr;
};

}  // namespace backplane::test
