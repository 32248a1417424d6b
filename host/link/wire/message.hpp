// What a link moves: a code, the number it is about, and plain data. Both kinds of link move the same messages; the
// thread link moves them without encoding, so a request's payload is the request itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "exchange/request.hpp"
#include "exchange/response.hpp"
#include "feed/attached_reader.hpp"
#include "link/wire/settings.hpp"
#include "op/operation.hpp"

namespace backplane::link {

enum class Code : std::uint16_t {
  // Host to plugin. In brackets: what the id is, and the payload.
  kStart = 1,  // [–, Config] make the instance and start it
  kStop,       // [–] all operations have ended: stop and destroy the instance
  kConfig,     // [generation, Config] a new configuration
  kRequest,    // [operation, Request]
  kPart,       // [operation, Part]
  kData,       // [operation, Data] body bytes or a WebSocket message
  kSent,       // [operation, Count] so much write credit is free again
  kEnded,      // [operation, Reason]
  kRoom,       // [–] the host has emptied its queue, after it had refused something
  kSetUp,      // [–, SetUp] process link: the first message
  kPing,       // [number] process link: answered by the plugin's own thread
  kDemand,     // [feed, Demand]
  kItem,       // [subscription, Item]

  // Plugin to host.
  kStarted = 64,  // [–, Outcome]
  kStopped,       // [–] the instance is destroyed; the last message
  kConfigured,    // [generation, Outcome]
  kRespond,       // [operation, Response]
  kFail,          // [operation, Failure]
  kBegin,         // [operation, Response] its head
  kWrite,         // [operation, Data]
  kEnd,           // [operation, Close]
  kConsume,       // [operation, Count]
  kLog,           // [–, Log]
  kState,         // [–, State]
  kMetric,        // [the metric's number, Metric]
  kHello,         // [–, Hello] process link: the first message
  kSandboxed,     // [–, Sandboxed] process link: the sandbox is in force, nothing of the plugin is loaded
  kPong,          // [the ping's number]
  kPublish,       // [feed, Item]
  kAttach,        // [operation, Attach]
  kSubscribe,     // [subscription, Subscribe]
  kUnsubscribe,   // [subscription]
  kItemsTaken,    // [subscription, Count] of items that the plugin has been given

  // Process link to its receiver, never on the wire.
  kLost = 128,  // [–, Outcome] the process has ended and was not asked to; the last message
};

// "kRespond", for logs and problems; "an unknown code" for a number that is none.
const char* code_name(Code code);
// Whether a plugin may say it.
bool is_from_plugin(Code code);

struct Config {
  std::string json;
};

struct Request {
  std::uint32_t route = 0;  // index into the manifest's routes
  std::int64_t timeout_ms = 0;
  std::shared_ptr<const exchange::Request> request;
};

struct Part {
  op::PartHead head;
};

struct Data {
  op::DataKind kind = op::DataKind::kBytes;
  std::string bytes;
  bool last = false;
};

struct Count {
  std::size_t count = 0;
};

struct Reason {
  op::End reason = op::End::kDone;
};

struct Outcome {
  std::int32_t status = 0;  // bp_status
  std::string text;
};

struct Failure {
  int status = 500;
  std::string error_class;
  std::string text;
  std::int64_t retry_after_s = -1;
};

struct Close {
  std::uint16_t code = 0;
  std::string reason;
};

struct Log {
  base::Level level = base::Level::kInfo;
  std::string text;
};

struct State {
  bool degraded = false;
  std::string text;
};

struct Metric {
  std::string name;
  std::string labels;  // `a="b",c="d"`, escaped as the Prometheus text format wants; empty: none
  bool counter = false;
  double value = 0;
};

struct SetUp {
  std::shared_ptr<const Settings> settings;
};

// What the runner is, so that a runner and a daemon of different versions part at once.
struct Hello {
  std::uint32_t wire_version = 0;
  std::uint32_t abi = 0;
  std::vector<std::string> extensions;
};

struct Sandboxed {
  std::vector<SandboxLayer> layers;
};

// Feeds have the numbers of their places in the manifest.
struct Demand {
  bool wanted = false;
  std::uint64_t attaches = 0;  // of this plugin to this feed, that the host had handled when it said so
  std::string last_id;
};

struct Item {
  std::string bytes;
  std::string id;
  std::uint64_t lost = 0;  // of a subscription: items before it
};

struct Attach {
  std::uint32_t feed = 0;
  feed::Framing framing;
};

struct Subscribe {
  std::string feed;  // its full name
};

using Payload =
    std::variant<std::monostate, Config, Request, Part, Data, Count, Reason, Outcome, exchange::Response, Failure,
                 Close, Log, State, Metric, SetUp, Hello, Sandboxed, Demand, Item, Attach, Subscribe>;

struct Message {
  Code code = Code::kStop;
  std::uint64_t id = 0;
  Payload payload;
};

// About how much memory a message holds, for the bounds of the queues.
std::size_t bytes_of(const Message& message);

}  // namespace backplane::link
