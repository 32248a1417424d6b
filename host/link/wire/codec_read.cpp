// How each message's payload is read, in the order in which wire_write.cpp writes it.
#include <fmt/format.h>

#include <limits>
#include <memory>
#include <utility>

#include "exchange/limits.hpp"
#include "link/limits.hpp"
#include "link/wire/codec.hpp"
#include "link/wire/reader.hpp"

namespace backplane::link {
namespace {

// What a list's items take at least: their counts and flags.
constexpr std::size_t kTextBytesMin = 4;
constexpr std::size_t kFieldBytesMin = 2 * kTextBytesMin;
constexpr std::size_t kNumberBytes = 8;

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();  // a list from the host: as long as the frame

std::vector<std::string> read_texts(WireReader& in, const char* part, std::size_t texts_max = kAny) {
  std::vector<std::string> texts(in.count(part, kTextBytesMin, texts_max));
  for (std::string& text : texts) text = in.text(part);
  return texts;
}

std::vector<exchange::Field> read_fields(WireReader& in, const char* part, std::size_t fields_max = kAny) {
  std::vector<exchange::Field> fields(in.count(part, kFieldBytesMin, fields_max));
  for (exchange::Field& field : fields) {
    field.name = in.text(part);
    field.value = in.text(part);
  }
  return fields;
}

// The views are read first; then all that they look into is copied at once, and they with it.
void read_head(WireReader& in, exchange::Request& request) {
  const char* const start = in.position();
  request.method = in.view("method");
  request.query = in.view("query");
  request.headers.resize(in.count("headers", kFieldBytesMin));
  for (exchange::Header& header : request.headers) {
    header.name = in.view("headers");
    header.value = in.view("headers");
  }
  if (!in.good()) return;
  request.head.assign(start, in.position());
  const auto own = [&](std::string_view& view) {
    view = std::string_view(request.head.data() + (view.data() - start), view.size());
  };
  own(request.method);
  own(request.query);
  for (exchange::Header& header : request.headers) {
    own(header.name);
    own(header.value);
  }
}

std::shared_ptr<const exchange::Principal> read_principal(WireReader& in) {
  auto principal = std::make_shared<exchange::Principal>();
  principal->uid = in.number<std::int32_t>("principal");
  principal->user = in.text("principal");
  principal->role = in.text("principal");
  principal->scopes = read_texts(in, "scopes");
  principal->session = in.number<std::uint64_t>("principal");
  return principal;
}

Request read_request(WireReader& in) {
  Request message;
  message.route = in.number<std::uint32_t>("route");
  message.timeout_ms = in.number<std::int64_t>("timeout");
  auto request = std::make_shared<exchange::Request>();
  read_head(in, *request);
  request->path = in.text("path");
  request->query_fields = read_fields(in, "query fields");
  request->path_parameters = read_fields(in, "path parameters");
  request->fields = read_fields(in, "fields");
  request->client_address = in.text("client address");
  if (in.flag("principal")) request->principal = read_principal(in);
  request->trace = in.number<std::uint64_t>("trace");
  message.request = std::move(request);
  return message;
}

Part read_part(WireReader& in) {
  Part part;
  part.head.name = in.text("name");
  if (in.flag("file name")) part.head.filename = in.text("file name");
  part.head.content_type = in.text("content type");
  return part;
}

Data read_data(WireReader& in) {
  Data data;
  data.kind = in.choice("kind", op::DataKind::kBinary);
  data.last = in.flag("mark of the last piece");
  data.bytes = in.text("bytes");
  return data;
}

Count read_count(WireReader& in) {
  const auto count = in.number<std::uint64_t>("count");
  // Where a size is narrower than that, no such count is one that fits.
  return {std::in_range<std::size_t>(count) ? static_cast<std::size_t>(count) : kAny};
}

Outcome read_outcome(WireReader& in) {
  Outcome outcome;
  outcome.status = in.number<std::int32_t>("status");
  outcome.text = in.text("text");
  return outcome;
}

exchange::Response read_response(WireReader& in) {
  exchange::Response response;
  response.status = in.number<std::int32_t>("status");
  response.content_type = in.text("content type");
  response.headers = read_fields(in, "headers", exchange::limits::kHeadersMax);
  response.fresh_ms = in.number<std::int64_t>("freshness");
  response.body = in.text("body");
  return response;
}

Failure read_failure(WireReader& in) {
  Failure failure;
  failure.status = in.number<std::int32_t>("status");
  failure.error_class = in.text("error class");
  failure.text = in.text("text");
  failure.retry_after_s = in.number<std::int64_t>("time to wait");
  return failure;
}

Close read_close(WireReader& in) {
  Close close;
  close.code = in.number<std::uint16_t>("close code");
  close.reason = in.text("reason");
  return close;
}

Log read_log(WireReader& in) {
  Log log;
  log.level = in.choice("level", base::Level::kCritical);
  log.text = in.text("text");
  return log;
}

State read_state(WireReader& in) {
  State state;
  state.degraded = in.flag("state");
  state.text = in.text("text");
  return state;
}

Metric read_metric(WireReader& in) {
  Metric metric;
  metric.name = in.text("name");
  metric.labels = in.text("labels");
  metric.counter = in.flag("kind");
  metric.value = in.real("value");
  return metric;
}

SandboxSettings read_sandbox(WireReader& in) {
  SandboxSettings sandbox;
  sandbox.uid = in.number<std::int64_t>("user");
  sandbox.gid = in.number<std::int64_t>("group");
  sandbox.groups.resize(in.count("groups", kNumberBytes));
  for (std::int64_t& group : sandbox.groups) group = in.number<std::int64_t>("groups");
  sandbox.devices = read_texts(in, "devices");
  sandbox.paths.resize(in.count("paths", kTextBytesMin + 1));
  for (PathGrant& grant : sandbox.paths) {
    grant.path = in.text("paths");
    grant.write = in.flag("paths");
  }
  sandbox.capabilities = read_texts(in, "capabilities");
  sandbox.network = in.flag("network");
  sandbox.memory_bytes_max = in.number<std::uint64_t>("memory limit");
  return sandbox;
}

SetUp read_set_up(WireReader& in) {
  auto settings = std::make_shared<Settings>();
  settings->instance = in.text("instance");
  settings->mount = in.text("mount");
  settings->library = in.text("library");
  settings->manifest = in.text("manifest");
  settings->sandbox = read_sandbox(in);
  settings->log_level = in.choice("log level", base::Level::kCritical);
  settings->extensions = read_texts(in, "extensions");
  settings->routes.resize(in.count("routes", kTextBytesMin + 1));
  for (RouteInfo& route : settings->routes) {
    route.id = in.text("routes");
    route.websocket = in.flag("routes");
  }
  settings->feeds.resize(in.count("feeds", kTextBytesMin + kNumberBytes));
  for (FeedInfo& feed : settings->feeds) {
    feed.id = in.text("feeds");
    feed.depth = static_cast<std::size_t>(in.number<std::uint64_t>("feeds"));
  }
  settings->feeds_readable = read_texts(in, "feeds to read");
  settings->config_json = in.text("configuration");
  settings->info.resize(in.count("answers", kFieldBytesMin));
  for (auto& [name, value] : settings->info) {
    name = in.text("answers");
    value = in.text("answers");
  }
  settings->data_dir = in.text("data folder");
  return {std::move(settings)};
}

Hello read_hello(WireReader& in) {
  Hello hello;
  hello.wire_version = in.number<std::uint32_t>("wire version");
  hello.abi = in.number<std::uint32_t>("ABI version");
  hello.extensions = read_texts(in, "extensions", limits::kExtensionsMax);
  return hello;
}

Sandboxed read_sandboxed(WireReader& in) {
  Sandboxed sandboxed;
  sandboxed.layers.resize(in.count("layers", kFieldBytesMin + 1, limits::kSandboxLayersMax));
  for (SandboxLayer& layer : sandboxed.layers) {
    layer.name = in.text("layers");
    layer.active = in.flag("layers");
    layer.text = in.text("layers");
  }
  return sandboxed;
}

Demand read_demand(WireReader& in) {
  Demand demand;
  demand.wanted = in.flag("demand");
  demand.attaches = in.number<std::uint64_t>("number of attaches");
  demand.last_id = in.text("id");
  return demand;
}

Item read_item(WireReader& in) {
  Item item;
  item.bytes = in.text("bytes");
  item.id = in.text("id");
  item.lost = in.number<std::uint64_t>("number of lost items");
  return item;
}

Attach read_attach(WireReader& in) {
  Attach attach;
  attach.feed = in.number<std::uint32_t>("feed");
  attach.framing.kind = in.choice("kind", op::DataKind::kBinary);
  attach.framing.prefix = in.text("prefix");
  attach.framing.suffix = in.text("suffix");
  attach.framing.lost = in.text("text for lost items");
  return attach;
}

// `code` is one of the wire's.
Payload read_payload(Code code, WireReader& in, bool empty) {
  switch (code) {
    case Code::kStart:
      // The thread link starts with what the instance was made with, and so says nothing.
      return empty ? Payload() : Payload(Config{in.text("configuration")});
    case Code::kConfig:
      return Config{in.text("configuration")};
    case Code::kRequest:
      return read_request(in);
    case Code::kPart:
      return read_part(in);
    case Code::kData:
    case Code::kWrite:
      return read_data(in);
    case Code::kSent:
    case Code::kConsume:
    case Code::kItemsTaken:
      return read_count(in);
    case Code::kEnded:
      return Reason{in.choice("reason", op::End::kOverrun)};
    case Code::kSetUp:
      return read_set_up(in);
    case Code::kStarted:
    case Code::kConfigured:
      return read_outcome(in);
    case Code::kRespond:
    case Code::kBegin:
      return read_response(in);
    case Code::kFail:
      return read_failure(in);
    case Code::kEnd:
      return read_close(in);
    case Code::kLog:
      return read_log(in);
    case Code::kState:
      return read_state(in);
    case Code::kMetric:
      return read_metric(in);
    case Code::kHello:
      return read_hello(in);
    case Code::kSandboxed:
      return read_sandboxed(in);
    case Code::kDemand:
      return read_demand(in);
    case Code::kItem:
    case Code::kPublish:
      return read_item(in);
    case Code::kAttach:
      return read_attach(in);
    case Code::kSubscribe:
      return Subscribe{in.text("feed")};
    default:
      return {};
  }
}

}  // namespace

base::Checked<Message> decode_payload(Code code, std::uint64_t id, std::string_view payload) {
  if (!is_wire_code(static_cast<std::uint16_t>(code))) {
    return base::problem(base::Error::kInvalid,
                         fmt::format("a frame has the code {}, which is not known", static_cast<unsigned>(code)));
  }
  WireReader in(payload);
  Message message{code, id, read_payload(code, in, payload.empty())};
  in.expect_end();
  if (!in.good()) {
    return base::problem(base::Error::kInvalid, fmt::format("a {} frame {}", code_name(code), in.wrong()));
  }
  return message;
}

}  // namespace backplane::link
