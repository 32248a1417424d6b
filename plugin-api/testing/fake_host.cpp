#include "testing/fake_host.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace backplane::test {

namespace {

std::string text_of(bp_bytes bytes) {
  return bytes.size == 0 ? std::string() : std::string(static_cast<const char*>(bytes.data), bytes.size);
}

Answer answer_of(const char* call, bp_op op, const bp_response& response) {
  Answer answer{.op = op,
                .call = call,
                .status = response.status,
                .content_type = text_of(response.content_type),
                .text = text_of(response.body),
                .fresh_ms = response.fresh_ms};
  for (std::size_t i = 0; i < response.headers.count; ++i) {
    answer.headers.emplace_back(text_of(response.headers.items[i].name), text_of(response.headers.items[i].value));
  }
  return answer;
}

bp_status copy_out(std::string_view value, char* buffer, std::size_t capacity, std::size_t* length) {
  *length = value.size();
  if (capacity == 0) return BP_E_LIMIT;
  const std::size_t copied = std::min(value.size(), capacity - 1);
  std::memcpy(buffer, value.data(), copied);
  buffer[copied] = '\0';
  return copied == value.size() ? BP_OK : BP_E_LIMIT;
}

}  // namespace

FakeHost::FakeHost(std::set<std::string> extensions) : extensions_(std::move(extensions)) {
  table_.owner = this;
  make_base_table();
  make_http_table();
  make_loop_table();
  make_other_tables();
  make_feed_table();
}

void FakeHost::make_base_table() {
  table_.size = sizeof(bp_host);
  table_.abi = BP_ABI_VERSION;
  table_.get_extension = [](const bp_host* host, const char* id) -> const void* {
    FakeHost& self = from(host);
    const std::string name(id);
    if (!self.extensions_.contains(name)) return nullptr;
    if (name == BP_EXT_HTTP) return &self.http_;
    if (name == BP_EXT_LOOP) return &self.loop_;
    if (name == BP_EXT_HEALTH) return &self.health_;
    if (name == BP_EXT_FEED) return &self.feed_;
    return name == BP_EXT_HOST ? &self.info_ : nullptr;
  };
  table_.log = [](const bp_host* host, std::int32_t, bp_bytes text) {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.log_.push_back(text_of(text));
  };
  table_.post = [](const bp_host* host, bp_cookie cookie) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    if (self.posts_refused_) return BP_E_AGAIN;
    self.posts_.push_back(cookie);
    return BP_OK;
  };
  table_.done = [](const bp_host* host, bp_cookie cookie, bp_status status, bp_bytes text) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.dones_.push_back({cookie, status, text_of(text)});
    return BP_OK;
  };
}

bp_status FakeHost::record(Answer answer, bool first, bool last) {
  const std::lock_guard lock(mutex_);
  Phase& phase = operations_[answer.op];
  if (phase == Phase::kEnded) return BP_E_GONE;
  if (phase != (first ? Phase::kWaiting : Phase::kStreaming)) return BP_E_INVALID;
  if (answer.call == "write" && writes_left_ && (*writes_left_)-- == 0) {
    writes_left_.reset();
    return BP_E_AGAIN;
  }
  phase = last ? Phase::kAnswered : Phase::kStreaming;
  answers_.push_back(std::move(answer));
  answered_.notify_all();
  return BP_OK;
}

void FakeHost::make_http_table() {
  http_.size = sizeof http_;
  http_.respond = [](const bp_host* host, bp_op op, const bp_response* response) {
    return from(host).record(answer_of("respond", op, *response), true, true);
  };
  http_.fail = [](const bp_host* host, bp_op op, std::int32_t status, bp_bytes, bp_bytes text) {
    return from(host).record({.op = op, .call = "fail", .status = status, .text = text_of(text)}, true, true);
  };
  http_.begin = [](const bp_host* host, bp_op op, const bp_response* head) {
    return from(host).record(answer_of("begin", op, *head), true, false);
  };
  http_.write = [](const bp_host* host, bp_op op, std::int32_t kind, bp_bytes bytes) {
    return from(host).record({.op = op, .call = "write", .text = text_of(bytes), .kind = kind}, false, false);
  };
  http_.end = [](const bp_host* host, bp_op op, std::int32_t code, bp_bytes reason) {
    return from(host).record({.op = op, .call = "end", .status = code, .text = text_of(reason)}, false, true);
  };
  http_.consume = [](const bp_host* host, bp_op, std::size_t count) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.consumed_ += count;
    return BP_OK;
  };
}

void FakeHost::make_loop_table() {
  loop_.size = sizeof loop_;
  loop_.set_timer = [](const bp_host* host, bp_cookie timer, std::int64_t, std::int64_t) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.timers_.insert(timer);
    return BP_OK;
  };
  loop_.cancel_timer = [](const bp_host* host, bp_cookie timer) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    return self.timers_.erase(timer) == 1 ? BP_OK : BP_E_GONE;
  };
  loop_.watch_fd = [](const bp_host* host, bp_cookie watch, int fd, std::uint32_t) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    if (self.watches_refused_) return BP_E_LIMIT;
    self.watches_[watch] = fd;
    return BP_OK;
  };
  loop_.unwatch_fd = [](const bp_host* host, bp_cookie watch) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    return self.watches_.erase(watch) == 1 ? BP_OK : BP_E_GONE;
  };
  loop_.run_blocking = [](const bp_host* host, bp_cookie cookie, void (*work)(void*), void* argument) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.jobs_.push_back({cookie, work, argument});
    return BP_OK;
  };
}

void FakeHost::make_other_tables() {
  health_.size = sizeof health_;
  health_.set_state = [](const bp_host* host, std::int32_t, bp_bytes text) -> bp_status {
    FakeHost& self = from(host);
    const std::lock_guard lock(self.mutex_);
    self.state_text_ = text_of(text);
    return BP_OK;
  };
  health_.metric = [](const bp_host* host, bp_bytes name, bp_fields labels, std::int32_t, double value) -> bp_status {
    FakeHost& self = from(host);
    std::string key = text_of(name);
    for (std::size_t i = 0; i < labels.count; ++i) {
      key += " " + text_of(labels.items[i].name) + "=" + text_of(labels.items[i].value);
    }
    const std::lock_guard lock(self.mutex_);
    self.metrics_[key] = value;
    return BP_OK;
  };
  info_.size = sizeof info_;
  info_.get = [](const bp_host*, const char* key, char* buffer, std::size_t capacity, std::size_t* length) {
    const std::string name(key);
    if (name == "version") return copy_out("9.8.7", buffer, capacity, length);
    if (name == "long") return copy_out(std::string(5000, 'x'), buffer, capacity, length);
    return static_cast<bp_status>(BP_E_UNSUPPORTED);
  };
  info_.data_dir = [](const bp_host*, char* buffer, std::size_t capacity, std::size_t* length) {
    return copy_out("/a/folder", buffer, capacity, length);
  };
}

void FakeHost::note_feed(std::string call) {
  const std::lock_guard lock(mutex_);
  feed_calls_.push_back(std::move(call));
}

std::vector<std::string> FakeHost::feed_calls() const {
  const std::lock_guard lock(mutex_);
  return feed_calls_;
}

void FakeHost::make_feed_table() {
  feed_.size = sizeof feed_;
  feed_.publish = [](const bp_host* host, std::uint32_t feed, const bp_feed_item* item) -> bp_status {
    FakeHost& self = from(host);
    self.note_feed("publish " + std::to_string(feed) + " " + text_of(item->bytes) + " " + text_of(item->id));
    if (item->bytes.size > BP_FEED_ITEM_BYTES_MAX || item->id.size > BP_FEED_ID_BYTES_MAX) return BP_E_LIMIT;
    const std::lock_guard lock(self.mutex_);
    if (self.items_left_ && *self.items_left_ == 0) return BP_E_AGAIN;
    if (self.items_left_) --*self.items_left_;
    if (item->bytes.size == 0 && item->id.size != 0) {
      self.places_[feed] = text_of(item->id);
      return BP_OK;
    }
    self.published_.push_back({feed, text_of(item->bytes), text_of(item->id)});
    return BP_OK;
  };
  // What is attached takes no write, and may still be ended: nothing that a plugin here does.
  feed_.attach = [](const bp_host* host, bp_op op, std::uint32_t feed, const bp_framing* framing) {
    FakeHost& self = from(host);
    self.note_feed("attach " + std::to_string(op) + " " + std::to_string(feed) + " " + std::to_string(framing->kind) +
                   " " + text_of(framing->prefix) + "|" + text_of(framing->suffix) + "|" + text_of(framing->lost));
    return self.record({.op = op, .call = "attach", .kind = framing->kind, .feed = feed}, false, true);
  };
  feed_.subscribe = [](const bp_host* host, bp_cookie subscription, bp_bytes feed) -> bp_status {
    FakeHost& self = from(host);
    self.note_feed("subscribe " + std::to_string(subscription) + " " + text_of(feed));
    const std::lock_guard lock(self.mutex_);
    return self.subscriptions_.emplace(subscription, text_of(feed)).second ? BP_OK : BP_E_CONFLICT;
  };
  feed_.unsubscribe = [](const bp_host* host, bp_cookie subscription) -> bp_status {
    FakeHost& self = from(host);
    self.note_feed("unsubscribe " + std::to_string(subscription));
    const std::lock_guard lock(self.mutex_);
    return self.subscriptions_.erase(subscription) == 1 ? BP_OK : BP_E_GONE;
  };
}

std::vector<Answer> FakeHost::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

std::vector<DoneAnswer> FakeHost::dones() const {
  const std::lock_guard lock(mutex_);
  return dones_;
}

std::vector<std::string> FakeHost::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::map<std::string, double> FakeHost::metrics() const {
  const std::lock_guard lock(mutex_);
  return metrics_;
}

std::size_t FakeHost::consumed() const {
  const std::lock_guard lock(mutex_);
  return consumed_;
}

void FakeHost::wait_for_answers(std::size_t count) {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [&] { return answers_.size() >= count; });
}

void FakeHost::mark_ended(bp_op op) {
  const std::lock_guard lock(mutex_);
  operations_[op] = Phase::kEnded;
}

std::vector<bp_cookie> FakeHost::take_posts() {
  const std::lock_guard lock(mutex_);
  return std::exchange(posts_, {});
}

std::vector<FakeHost::Job> FakeHost::take_jobs() {
  const std::lock_guard lock(mutex_);
  return std::exchange(jobs_, {});
}

std::set<bp_cookie> FakeHost::timers() const {
  const std::lock_guard lock(mutex_);
  return timers_;
}

std::map<bp_cookie, int> FakeHost::watches() const {
  const std::lock_guard lock(mutex_);
  return watches_;
}

std::vector<Published> FakeHost::take_published() {
  const std::lock_guard lock(mutex_);
  return std::exchange(published_, {});
}

std::map<std::uint32_t, std::string> FakeHost::places() const {
  const std::lock_guard lock(mutex_);
  return places_;
}

std::map<bp_cookie, std::string> FakeHost::subscriptions() const {
  const std::lock_guard lock(mutex_);
  return subscriptions_;
}

std::string FakeHost::state_text() const {
  const std::lock_guard lock(mutex_);
  return state_text_;
}

const bp_plugin_entry& load_plugin(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  const void* const symbol = dlsym(library, "backplane_plugin_entry");
  if (symbol == nullptr) throw std::runtime_error(dlerror());
  return *static_cast<const bp_plugin_entry*>(symbol);
}

}  // namespace backplane::test
