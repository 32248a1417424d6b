#include "link/process_link.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <new>
#include <utility>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "link/wire/message_rules.hpp"
#include "link/wire/shared_memory.hpp"

namespace backplane::link {

// The shared page as this process sees it.
struct ProcessLink::Mapping {
  explicit Mapping(base::UniqueFd fd) : memory(std::move(fd)) {
    void* address =
        memory ? ::mmap(nullptr, sizeof(SharedPage), PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0) : MAP_FAILED;
    if (address != MAP_FAILED) page = new (address) SharedPage;
  }
  ~Mapping() {
    if (page != nullptr) ::munmap(page, sizeof(SharedPage));
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  base::UniqueFd memory;
  SharedPage* page = nullptr;
};

ProcessLink::ProcessLink(const ProcessHost& host, Settings settings, Receiver& receiver)
    : host_(host),
      settings_(std::make_shared<const Settings>(std::move(settings))),
      receiver_(receiver),
      log_gate_(host.clock) {}

ProcessLink::~ProcessLink() {
  unwatch();
}

void ProcessLink::unwatch() {
  if (stream_) host_.readiness.remove(stream_->socket(), socket_watch_);
  if (child_) host_.readiness.remove(child_->descriptor(), end_watch_);
}

base::Checked<void> ProcessLink::spawn() {
  const auto no_room = [](const char* what) {
    return base::problem(base::Error::kIo,
                         fmt::format("there is no {} for its process: {}", what, std::strerror(errno)));
  };
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return no_room("socket");
  base::UniqueFd ours(ends[0]);
  const base::UniqueFd theirs(ends[1]);
  page_ = std::make_unique<Mapping>(make_shared_page(sizeof(SharedPage)));
  if (page_->page == nullptr) return no_room("shared memory");
  output_.emplace(host_.readiness, host_.clock, [this](std::string_view line) {
    base::log(base::Level::kWarning, "[{}] {}", settings_->instance, line);
  });
  if (output_->writer() < 0) return no_room("pipe");

  std::vector<std::string> argv = host_.runner;
  argv.push_back(settings_->instance);  // for who looks at the list of processes
  std::vector<int> descriptors = {theirs.get(), page_->memory.get()};
  descriptors.insert(descriptors.end(), host_.descriptors.begin(), host_.descriptors.end());
  auto child = Child::start(argv, descriptors, output_->writer());
  if (!child) return child.error();
  output_->close_writer();
  child_.emplace(std::move(*child));
  stream_.emplace(std::move(ours), FrameStream::Speaker::kPlugin);
  if (!host_.readiness.add(stream_->socket(), socket_watch_) ||
      !host_.readiness.add(child_->descriptor(), end_watch_)) {
    return no_room("watch");
  }
  return {};
}

void ProcessLink::start() {
  if (const auto spawned = spawn(); !spawned) return lose_before_start(spawned.error().message());
  stream_->put({Code::kSetUp, 0, SetUp{settings_}});
  deliver({Code::kStart, 0, {}});
}

// In a turn of its own: whoever starts a link is not ready to lose it meanwhile.
void ProcessLink::lose_before_start(std::string reason) {
  host_.executor([weak = std::weak_ptr<ProcessLink*>(anchor_), reason = std::move(reason)] {
    const auto self = weak.lock();
    if (!self) return;
    Message lost{Code::kLost, 0, Outcome{0, reason}};
    (*self)->receiver_.on_message(lost);
  });
}

bool ProcessLink::deliver(Message message) {
  if ((message.code == Code::kRequest || message.code == Code::kConfig) && blocked()) return false;
  if (!queue_.send(std::move(message))) return false;
  put_off_flush();
  return true;
}

void ProcessLink::put_off_flush() {
  if (std::exchange(flush_put_off_, true)) return;
  host_.turn.at_end([weak = std::weak_ptr<ProcessLink*>(anchor_)] {
    const auto self = weak.lock();
    if (!self) return;
    (*self)->flush_put_off_ = false;
    (*self)->flush();
  });
}

void ProcessLink::flush() {
  if (!stream_) return;
  std::vector<Message> batch;
  while (stream_->unsent() < limits::kFramesUnsentBytesMax) {
    queue_.take(batch);
    if (batch.empty() && stream_->unsent() == 0) return;
    for (const Message& message : batch) stream_->put(message);
    batch.clear();
    if (!stream_->flush()) return;  // the process has gone or goes; its end is told elsewhere
    if (stream_->unsent() != 0) return;
  }
  stream_->flush();
}

void ProcessLink::receive() {
  if (!stream_ || !killed_because_.empty()) return;  // what it says from now on counts for nothing
  const std::weak_ptr<ProcessLink*> alive = anchor_;
  const auto received = stream_->receive(limits::kFramesPerTurnMax, [this](Message& message) { return take(message); });
  if (alive.expired()) return;
  closed_ = stream_->closed();
  switch (received) {
    case FrameStream::Received::kAll:
      return;
    case FrameStream::Received::kSome:
      return receive_later();
    case FrameStream::Received::kClosed:
      if (!stopped_) kill("it closed its connection");
      return;
    case FrameStream::Received::kWrong:
      return kill(stream_->problem());
  }
}

void ProcessLink::receive_later() {
  if (std::exchange(receive_put_off_, true)) return;
  host_.executor([weak = std::weak_ptr<ProcessLink*>(anchor_)] {
    // Nothing of the anchor is held meanwhile: receive tells by it whether the link is gone.
    ProcessLink* const link = weak.expired() ? nullptr : *weak.lock();
    if (link == nullptr) return;
    link->receive_put_off_ = false;
    link->receive();
  });
}

bool ProcessLink::take(Message& message) {
  std::string wrong = greeted_ || message.code == Code::kHello ? check(message).text : "it did not greet first";
  if (wrong.empty() && message.code == Code::kMetric && message.id > limits::kMetricsPerPluginMax) {
    wrong = "it sent more metrics than a plugin may have";
  }
  if (!wrong.empty()) {
    kill(std::move(wrong));
    return false;
  }
  if (stopped_) return true;  // a thread of the plugin's may not know yet
  switch (message.code) {
    case Code::kHello:
      return accept_hello(std::get<Hello>(message.payload));
    case Code::kSandboxed:
      return accept_layers(std::get<Sandboxed>(message.payload));
    case Code::kPong:
      if (message.id == pings_) pongs_ = pings_;  // one of long ago, or yet to come, answers nothing
      return true;
    case Code::kStopped:
      return accept_stopped();
    case Code::kLog:
      if (!log_gate_.pass().open) return true;  // its own gate has let more through than there should be
      break;
    default:
      break;
  }
  const std::weak_ptr<ProcessLink*> alive = anchor_;
  receiver_.on_message(message);
  return !alive.expired();
}

bool ProcessLink::accept_hello(const Hello& hello) {
  if (greeted_) {
    kill("it greeted twice");
    return false;
  }
  if (hello.wire_version == kWireVersion && hello.abi == BP_ABI_VERSION) {
    greeted_ = true;
    return true;
  }
  kill(fmt::format("{} is of another version than the daemon; install both from one build", host_.runner[0]));
  return false;
}

// The first comes from the runner while nothing of the plugin is loaded; any other is the plugin's, about itself.
bool ProcessLink::accept_layers(Sandboxed& sandboxed) {
  if (std::exchange(sandboxed_, true)) {
    kill("it said a second time what its sandbox is");
    return false;
  }
  layers_ = std::move(sandboxed.layers);
  return true;
}

// Told once the process has gone, which it must do now.
bool ProcessLink::accept_stopped() {
  stopped_ = true;
  if (stop_by_ms_ == 0) stop_by_ms_ = host_.clock.steady_ms() + limits::kPluginStopMs;
  return true;
}

void ProcessLink::stop() {
  stop_by_ms_ = host_.clock.steady_ms() + limits::kPluginStopMs;
  deliver({Code::kStop, 0, {}});
}

void ProcessLink::kill(std::string reason) {
  if (!child_ || !killed_because_.empty()) return;
  killed_because_ = std::move(reason);
  if (child_->kill()) return;
  base::log(base::Level::kError, "plugin {}: its process {} cannot be ended ({}); the daemon needs CAP_KILL for that",
            settings_->instance, child_->pid(), std::strerror(errno));
}

std::optional<Blocked> ProcessLink::blocked() const {
  if (page_ == nullptr || page_->page == nullptr) return std::nullopt;
  const std::int64_t unanswered_ms = pings_ == pongs_ ? 0 : host_.clock.steady_ms() - pinged_ms_;
  if (auto busy = page_->page->busy.blocked(limits::kPluginBlockedMs, host_.clock, settings_->routes.size()))
    return busy;
  if (unanswered_ms < limits::kPluginBlockedMs) return std::nullopt;
  return Blocked{nullptr, kNoRoute, unanswered_ms};
}

void ProcessLink::tick() {
  if (!child_ || !greeted_) return;
  const std::int64_t now_ms = host_.clock.steady_ms();
  if (stop_by_ms_ != 0) {
    if (now_ms >= stop_by_ms_) {
      kill(fmt::format("{} within {} s", stopped_ ? "it said that it had stopped, and did not end" : "it did not stop",
                       limits::kPluginStopMs / 1000));
    }
    return;
  }
  if (const auto stalled = blocked(); stalled && stalled->for_ms >= limits::kProcessStalledMs) {
    return kill(stalled->callback != nullptr
                    ? fmt::format("it was blocked in {} for {} s", stalled->callback, stalled->for_ms / 1000)
                    : fmt::format("it has not answered for {} s", stalled->for_ms / 1000));
  }
  if (pings_ == pongs_ && now_ms - pinged_ms_ >= limits::kHeartbeatMs) {
    pinged_ms_ = now_ms;
    deliver({Code::kPing, ++pings_, {}});
  }
}

void ProcessLink::look_at_end() {
  const auto end = child_->reap();
  if (!end) return;
  const std::weak_ptr<ProcessLink*> alive = anchor_;
  // What it said before it went. Another process may have been given its end of the connection: that one says no more.
  ::shutdown(stream_->socket(), SHUT_RDWR);
  while (killed_because_.empty()) {
    const auto received =
        stream_->receive(limits::kFramesPerTurnMax, [this](Message& message) { return take(message); });
    if (alive.expired()) return;
    if (received != FrameStream::Received::kSome) break;
  }
  output_->read_rest();
  unwatch();
  stream_.reset();
  const bool asked = stopped_ && killed_because_.empty() && !end->by_signal;
  Message last{asked ? Code::kStopped : Code::kLost, 0, {}};
  if (!asked) last.payload = Outcome{0, why_it_ended(*end)};
  receiver_.on_message(last);  // may destroy this
}

std::string ProcessLink::why_it_ended(const ChildEnd& end) const {
  // A process that ends closes its connection as well, also within a frame, and why it ended says more.
  const bool ended_itself = closed_ && !(end.by_signal && end.number == SIGKILL);
  if (!killed_because_.empty() && !ended_itself) return killed_because_ + "; it was killed";
  const int stopped_call = page_->page->stopped_call.number.load();
  if (end.by_signal && end.number == SIGSYS && host_.system_call_name) {
    return fmt::format("it made the system call {}, which its sandbox does not allow",
                       host_.system_call_name(stopped_call));
  }
  return end.text();
}

}  // namespace backplane::link
