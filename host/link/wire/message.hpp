// What a link moves: a code, the number it is about, and plain data. Both kinds of link move the same messages; the
// thread link moves them without encoding, so a request's payload is the request itself. A new message is a row in the
// table below and, if its data is of a new kind, a struct with its fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "link/wire/fields.hpp"

namespace backplane::link {

struct Config {
  std::string json;
};
void fields(auto& archive, Either<Config> auto& config) {
  archive.text("configuration", config.json);
}

struct Request {
  std::uint32_t route = 0;  // index into the manifest's routes
  std::int64_t timeout_ms = 0;
  std::shared_ptr<const exchange::Request> request;
};
void fields(auto& archive, Either<Request> auto& message) {
  archive.number("route", message.route);
  archive.number("timeout", message.timeout_ms);
  archive.shared(message.request, [&](auto& request) { fields(archive, request); });
}

struct Part {
  op::PartHead head;
};
void fields(auto& archive, Either<Part> auto& part) {
  fields(archive, part.head);
}

struct Data {
  op::DataKind kind = op::DataKind::kBytes;
  std::string bytes;
  bool last = false;
};
void fields(auto& archive, Either<Data> auto& data) {
  archive.choice("kind", data.kind, op::DataKind::kBinary);
  archive.flag("mark of the last piece", data.last);
  archive.text("bytes", data.bytes);
}

struct Count {
  std::size_t count = 0;
};
void fields(auto& archive, Either<Count> auto& count) {
  archive.size("count", count.count);
}

struct Reason {
  op::End reason = op::End::kDone;
};
void fields(auto& archive, Either<Reason> auto& reason) {
  archive.choice("reason", reason.reason, op::End::kOverrun);
}

struct Outcome {
  std::int32_t status = 0;  // bp_status
  std::string text;
};
void fields(auto& archive, Either<Outcome> auto& outcome) {
  archive.number("status", outcome.status);
  archive.text("text", outcome.text);
}

struct Failure {
  int status = 500;
  std::string error_class;
  std::string text;
  std::int64_t retry_after_s = -1;
};
void fields(auto& archive, Either<Failure> auto& failure) {
  archive.number("status", failure.status);
  archive.text("error class", failure.error_class);
  archive.text("text", failure.text);
  archive.number("time to wait", failure.retry_after_s);
}

struct Close {
  std::uint16_t code = 0;
  std::string reason;
};
void fields(auto& archive, Either<Close> auto& close) {
  archive.number("close code", close.code);
  archive.text("reason", close.reason);
}

struct Log {
  base::Level level = base::Level::kInfo;
  std::string text;
};
void fields(auto& archive, Either<Log> auto& log) {
  archive.choice("level", log.level, base::Level::kCritical);
  archive.text("text", log.text);
}

struct State {
  bool degraded = false;
  std::string text;
};
void fields(auto& archive, Either<State> auto& state) {
  archive.flag("state", state.degraded);
  archive.text("text", state.text);
}

struct Metric {
  std::string name;
  std::string labels;  // `a="b",c="d"`, escaped as the Prometheus text format wants; empty: none
  bool counter = false;
  double value = 0;
};
void fields(auto& archive, Either<Metric> auto& metric) {
  archive.text("name", metric.name);
  archive.text("labels", metric.labels);
  archive.flag("kind", metric.counter);
  archive.real("value", metric.value);
}

struct SetUp {
  std::shared_ptr<const Settings> settings;
};
void fields(auto& archive, Either<SetUp> auto& set_up) {
  archive.shared(set_up.settings, [&](auto& settings) { fields(archive, settings); });
}

// What the runner is, so that a runner and a daemon of different versions part at once.
struct Hello {
  std::uint32_t wire_version = 0;
  std::uint32_t abi = 0;
  std::vector<std::string> extensions;
};
void fields(auto& archive, Either<Hello> auto& hello) {
  archive.number("wire version", hello.wire_version);
  archive.number("ABI version", hello.abi);
  text_list(archive, "extensions", hello.extensions, limits::kExtensionsMax);
}

struct Sandboxed {
  std::vector<SandboxLayer> layers;
};
void fields(auto& archive, Either<Sandboxed> auto& sandboxed) {
  const auto each = [&](auto& layer) {
    archive.text("layers", layer.name);
    archive.flag("layers", layer.active);
    archive.text("layers", layer.text);
  };
  archive.list("layers", sandboxed.layers, kFieldBytesMin + kFlagBytes, each, limits::kSandboxLayersMax);
}

// Feeds have the numbers of their places in the manifest.
struct Demand {
  bool wanted = false;
  std::uint64_t attaches = 0;  // of this plugin to this feed, that the host had handled when it said so
  std::string last_id;
};
void fields(auto& archive, Either<Demand> auto& demand) {
  archive.flag("demand", demand.wanted);
  archive.number("number of attaches", demand.attaches);
  archive.text("id", demand.last_id);
}

struct Item {
  std::string bytes;
  std::string id;
  std::uint64_t lost = 0;  // of a subscription: items before it
};
void fields(auto& archive, Either<Item> auto& item) {
  archive.text("bytes", item.bytes);
  archive.text("id", item.id);
  archive.number("number of lost items", item.lost);
}

struct Attach {
  std::uint32_t feed = 0;
  feed::Framing framing;
};
void fields(auto& archive, Either<Attach> auto& attach) {
  archive.number("feed", attach.feed);
  fields(archive, attach.framing);
}

struct Subscribe {
  std::string feed;  // its full name
};
void fields(auto& archive, Either<Subscribe> auto& subscribe) {
  archive.text("feed", subscribe.feed);
}

// No data: the code says it all.
using Nothing = std::monostate;
void fields(auto&, Either<Nothing> auto&) {}

using Payload = std::variant<Nothing, Config, Request, Part, Data, Count, Reason, Outcome, exchange::Response, Failure,
                             Close, Log, State, Metric, SetUp, Hello, Sandboxed, Demand, Item, Attach, Subscribe>;

// kLink: a process link to its receiver, never on the wire.
enum class Speaker : std::uint8_t { kHost, kPlugin, kLink };

// What a full queue does: it takes the message all the same, because what such messages count bounds them, or it
// refuses it, because somebody hears of that.
enum class WhenFull : std::uint8_t { kTaken, kRefused };

// What becomes of one that still waits when another of the same code and number comes.
enum class Merging : std::uint8_t {
  kApart,   // both are delivered
  kSum,     // their counts are added
  kLatest,  // the new one takes its place
  kPieces,  // pieces of one body, next to each other, become one
};

// One row for each message: name, number on the wire, data, speaker, and the two policies of the queues. In brackets:
// what the message's id is. All else that has to know the messages follows from here.
// clang-format off
#define BACKPLANE_LINK_MESSAGES(row) \
  row(kStart,         1, Config,             kHost,   kTaken,   kApart)  /* [-] make the instance and start it */ \
  row(kStop,          2, Nothing,            kHost,   kTaken,   kApart)  /* [-] no operation is left: stop and destroy the instance */ \
  row(kConfig,        3, Config,             kHost,   kRefused, kApart)  /* [generation] a new configuration */ \
  row(kRequest,       4, Request,            kHost,   kRefused, kApart)  /* [operation] */ \
  row(kPart,          5, Part,               kHost,   kRefused, kApart)  /* [operation] */ \
  row(kData,          6, Data,               kHost,   kRefused, kPieces) /* [operation] body bytes or a WebSocket message */ \
  row(kSent,          7, Count,              kHost,   kTaken,   kSum)    /* [operation] so much write credit is free again */ \
  row(kEnded,         8, Reason,             kHost,   kTaken,   kApart)  /* [operation] */ \
  row(kRoom,          9, Nothing,            kHost,   kTaken,   kApart)  /* [-] the host's queue has room, after it had refused one */ \
  row(kSetUp,        10, SetUp,              kHost,   kTaken,   kApart)  /* [-] the first message of a process link */ \
  row(kPing,         11, Nothing,            kHost,   kTaken,   kApart)  /* [number] answered by the plugin's own thread */ \
  row(kDemand,       12, Demand,             kHost,   kTaken,   kLatest) /* [feed] */ \
  row(kItem,         13, Item,               kHost,   kTaken,   kApart)  /* [subscription] */ \
  row(kStarted,      64, Outcome,            kPlugin, kTaken,   kApart)  /* [-] */ \
  row(kStopped,      65, Nothing,            kPlugin, kTaken,   kApart)  /* [-] the instance is destroyed; the last message */ \
  row(kConfigured,   66, Outcome,            kPlugin, kTaken,   kApart)  /* [generation] */ \
  row(kRespond,      67, exchange::Response, kPlugin, kRefused, kApart)  /* [operation] */ \
  row(kFail,         68, Failure,            kPlugin, kTaken,   kApart)  /* [operation] */ \
  row(kBegin,        69, exchange::Response, kPlugin, kTaken,   kApart)  /* [operation] its head */ \
  row(kWrite,        70, Data,               kPlugin, kRefused, kApart)  /* [operation] */ \
  row(kEnd,          71, Close,              kPlugin, kTaken,   kApart)  /* [operation] */ \
  row(kConsume,      72, Count,              kPlugin, kTaken,   kSum)    /* [operation] */ \
  row(kLog,          73, Log,                kPlugin, kRefused, kApart)  /* [-] */ \
  row(kState,        74, State,              kPlugin, kTaken,   kLatest) /* [-] */ \
  row(kMetric,       75, Metric,             kPlugin, kTaken,   kLatest) /* [the metric's number] */ \
  row(kHello,        76, Hello,              kPlugin, kTaken,   kApart)  /* [-] the first message of a process link */ \
  row(kSandboxed,    77, Sandboxed,          kPlugin, kTaken,   kApart)  /* [-] in force, and nothing of the plugin is loaded */ \
  row(kPong,         78, Nothing,            kPlugin, kTaken,   kApart)  /* [the ping's number] */ \
  row(kPublish,      79, Item,               kPlugin, kRefused, kApart)  /* [feed] */ \
  row(kAttach,       80, Attach,             kPlugin, kTaken,   kApart)  /* [operation] */ \
  row(kSubscribe,    81, Subscribe,          kPlugin, kRefused, kApart)  /* [subscription] */ \
  row(kUnsubscribe,  82, Nothing,            kPlugin, kTaken,   kApart)  /* [subscription] */ \
  row(kItemsTaken,   83, Count,              kPlugin, kTaken,   kSum)    /* [subscription] items that the plugin has been given */ \
  row(kLost,        128, Outcome,            kLink,   kTaken,   kApart)  /* [-] the process has ended unasked; the last message */
// clang-format on

enum class Code : std::uint16_t {
#define BACKPLANE_CODE(name, number, ...) name = number,
  BACKPLANE_LINK_MESSAGES(BACKPLANE_CODE)
#undef BACKPLANE_CODE
};

struct MessageRow {
  Code code;
  const char* name;
  Speaker speaker;
  WhenFull when_full;
  Merging merging;
};

// Null: no message has that number.
const MessageRow* row_of(std::uint16_t number);
inline const MessageRow* row_of(Code code) {
  return row_of(static_cast<std::uint16_t>(code));
}

// "kRespond", for logs and problems; "an unknown code" for a number that is none.
const char* code_name(Code code);
// Whether a plugin may say it.
bool is_from_plugin(Code code);

struct Message {
  Code code = Code::kStop;
  std::uint64_t id = 0;
  Payload payload;
};

// About how much memory a message holds, for the bounds of the queues.
std::size_t bytes_of(const Message& message);

// Lets `next` be part of `waiting`, which has its code and id, as their row says. False: both are to be delivered.
bool merge(Message& waiting, Message& next);

}  // namespace backplane::link
