// How each message's payload is written; wire_read.cpp reads it in the same order.
#include <type_traits>
#include <utility>

#include "link/plugin_side/request_view.hpp"
#include "link/wire/codec.hpp"
#include "link/wire/writer.hpp"

namespace backplane::link {
namespace {

class PayloadWriter {
 public:
  explicit PayloadWriter(std::string& out) : out_(out) {}

  void operator()(std::monostate) {}
  void operator()(const Config& config) { out_.text(config.json); }
  void operator()(const Request& request) {
    out_.number<std::uint32_t>(request.route);
    out_.number<std::int64_t>(request.timeout_ms);
    write(*request.request);
  }
  void operator()(const Part& part) {
    out_.text(part.head.name);
    out_.flag(part.head.filename.has_value());
    if (part.head.filename) out_.text(*part.head.filename);
    out_.text(part.head.content_type);
  }
  void operator()(const Data& data) {
    out_.choice(data.kind);
    out_.flag(data.last);
    out_.text(data.bytes);
  }
  void operator()(const Count& count) { out_.number<std::uint64_t>(count.count); }
  void operator()(const Reason& reason) { out_.choice(reason.reason); }
  void operator()(const Outcome& outcome) {
    out_.number<std::int32_t>(outcome.status);
    out_.text(outcome.text);
  }
  void operator()(const exchange::Response& response) {
    out_.number<std::int32_t>(response.status);
    out_.text(response.content_type);
    write(response.headers);
    out_.number<std::int64_t>(response.fresh_ms);
    out_.text(response.bytes());
  }
  void operator()(const Failure& failure) {
    out_.number<std::int32_t>(failure.status);
    out_.text(failure.error_class);
    out_.text(failure.text);
    out_.number<std::int64_t>(failure.retry_after_s);
  }
  void operator()(const Close& close) {
    out_.number<std::uint16_t>(close.code);
    out_.text(close.reason);
  }
  void operator()(const Log& log) {
    out_.choice(log.level);
    out_.text(log.text);
  }
  void operator()(const State& state) {
    out_.flag(state.degraded);
    out_.text(state.text);
  }
  void operator()(const Metric& metric) {
    out_.text(metric.name);
    out_.text(metric.labels);
    out_.flag(metric.counter);
    out_.real(metric.value);
  }
  void operator()(const SetUp& set_up) { write(*set_up.settings); }
  void operator()(const Hello& hello) {
    out_.number<std::uint32_t>(hello.wire_version);
    out_.number<std::uint32_t>(hello.abi);
    write(hello.extensions);
  }
  void operator()(const Sandboxed& sandboxed) {
    out_.list(sandboxed.layers, [&](const SandboxLayer& layer) {
      out_.text(layer.name);
      out_.flag(layer.active);
      out_.text(layer.text);
    });
  }
  void operator()(const Demand& demand) {
    out_.flag(demand.wanted);
    out_.number<std::uint64_t>(demand.attaches);
    out_.text(demand.last_id);
  }
  void operator()(const Item& item) {
    out_.text(item.bytes);
    out_.text(item.id);
    out_.number<std::uint64_t>(item.lost);
  }
  void operator()(const Attach& attach) {
    out_.number<std::uint32_t>(attach.feed);
    out_.choice(attach.framing.kind);
    out_.text(attach.framing.prefix);
    out_.text(attach.framing.suffix);
    out_.text(attach.framing.lost);
  }
  void operator()(const Subscribe& subscribe) { out_.text(subscribe.feed); }

 private:
  void write(const std::vector<std::string>& texts) {
    out_.list(texts, [&](const std::string& text) { out_.text(text); });
  }
  void write(const std::vector<exchange::Field>& fields) {
    out_.list(fields, [&](const exchange::Field& field) {
      out_.text(field.name);
      out_.text(field.value);
    });
  }
  // What RequestView looks at and nothing else. A raw body is not among it: it comes as Data.
  void write(const exchange::Request& request) {
    write_head(request);
    out_.text(request.path);
    write(request.query_fields);
    write(request.path_parameters);
    write(request.fields);
    out_.text(request.client_address);
    out_.flag(request.principal != nullptr);
    if (request.principal) write(*request.principal);
    out_.number<std::uint64_t>(request.trace);
  }
  void write_head(const exchange::Request& request) {
    out_.text(request.method);
    out_.text(request.query);
    const std::size_t place = out_.leave_count();
    std::uint32_t headers = 0;
    for (const exchange::Header& header : request.headers) {
      if (is_credential(header.name, header.value)) continue;
      out_.text(header.name);
      out_.text(header.value);
      ++headers;
    }
    out_.fill_count(place, headers);
  }
  void write(const exchange::Principal& principal) {
    out_.number<std::int32_t>(principal.uid);
    out_.text(principal.user);
    out_.text(principal.role);
    write(principal.scopes);
    out_.number<std::uint64_t>(principal.session);
  }
  void write(const Settings& settings) {
    out_.text(settings.instance);
    out_.text(settings.mount);
    out_.text(settings.library.native());
    out_.text(settings.manifest);
    write(settings.sandbox);
    out_.choice(settings.log_level);
    write(settings.extensions);
    out_.list(settings.routes, [&](const RouteInfo& route) {
      out_.text(route.id);
      out_.flag(route.websocket);
    });
    out_.list(settings.feeds, [&](const FeedInfo& feed) {
      out_.text(feed.id);
      out_.number<std::uint64_t>(feed.depth);
    });
    write(settings.feeds_readable);
    out_.text(settings.config_json);
    out_.list(settings.info, [&](const std::pair<std::string, std::string>& answer) {
      out_.text(answer.first);
      out_.text(answer.second);
    });
    out_.text(settings.data_dir.native());
  }
  void write(const SandboxSettings& sandbox) {
    out_.number<std::int64_t>(sandbox.uid);
    out_.number<std::int64_t>(sandbox.gid);
    out_.list(sandbox.groups, [&](std::int64_t group) { out_.number<std::int64_t>(group); });
    write(sandbox.devices);
    out_.list(sandbox.paths, [&](const PathGrant& grant) {
      out_.text(grant.path);
      out_.flag(grant.write);
    });
    write(sandbox.capabilities);
    out_.flag(sandbox.network);
    out_.number<std::uint64_t>(sandbox.memory_bytes_max);
  }

  WireWriter out_;
};

}  // namespace

void encode_payload(const Message& message, std::string& out) {
  out.reserve(out.size() + bytes_of(message));
  std::visit(PayloadWriter(out), message.payload);
}

}  // namespace backplane::link
