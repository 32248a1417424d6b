#include "plugin/status_routes.hpp"

#include <algorithm>
#include <backplane/json.hpp>
#include <utility>

#include "plugin/metrics_text.hpp"

namespace backplane::plugin {
namespace {

using sdk::JsonWriter;

void write_routes(JsonWriter& json, const Instance& instance) {
  json.key("routes").begin_array();
  for (const ManifestRoute& route : instance.manifest()->routes) {
    json.begin_object();
    json.key("id").string(route.id);
    json.key("kind").string(route.kind == http::RouteKind::kWebSocket ? "websocket" : "http");
    json.key("method").string(route.method);
    json.key("path").string(instance.identity().mount + route.path);
    json.key("scope").string(route.scope);
    json.end_object();
  }
  json.end_array();
}

void write_feeds(JsonWriter& json, const Instance& instance) {
  json.key("feeds").begin_array();
  for (const feed::Feed* feed : instance.own_feeds()) {
    json.begin_object();
    json.key("name").string(feed->name());
    json.key("readers").integer(static_cast<std::int64_t>(feed->readers()));
    json.key("items_lost").integer(static_cast<std::int64_t>(feed->items_lost()));
    json.end_object();
  }
  json.end_array();
}

void write_home(JsonWriter& json, const Instance& instance) {
  const bool process = instance.version().isolation == config::Isolation::kProcess;
  json.key("isolation").string(process ? "process" : "thread");
  if (!process) return;
  if (instance.process() != 0) json.key("pid").integer(instance.process());
  json.key("crashes").integer(static_cast<std::int64_t>(instance.crashes()));
  json.key("unknown_frames").integer(static_cast<std::int64_t>(instance.unknown_frames()));
}

// The layers that are in force, and those that this kernel lacks with what follows.
void write_sandbox(JsonWriter& json, const Instance& instance) {
  json.key("sandbox").begin_array();
  for (const link::SandboxLayer& layer : instance.layers()) {
    json.begin_object();
    json.key("layer").string(layer.name);
    json.key("active").boolean(layer.active);
    json.key("text").string(layer.text);
    json.end_object();
  }
  json.end_array();
}

void write_instance(JsonWriter& json, const Instance& instance) {
  const link::BridgeCounts counts = instance.counts();
  json.begin_object();
  json.key("instance").string(instance.name());
  json.key("plugin").string(instance.identity().plugin);
  json.key("state").string(state_name(instance.state()));
  json.key("reason").string(instance.reason());
  write_home(json, instance);
  json.key("mount").string(instance.identity().mount);
  if (const Manifest* manifest = instance.manifest()) {
    json.key("version").string(manifest->version);
    json.key("vendor").string(manifest->vendor);
    json.key("license").string(manifest->license);
    json.key("description").string(manifest->description);
    write_routes(json, instance);
    write_feeds(json, instance);
  }
  json.key("unanswered").integer(static_cast<std::int64_t>(instance.unanswered()));
  json.key("streams").integer(static_cast<std::int64_t>(instance.streams()));
  json.key("requests").integer(static_cast<std::int64_t>(counts.requests));
  json.key("refused_requests").integer(static_cast<std::int64_t>(counts.refused));
  json.key("overruns").integer(static_cast<std::int64_t>(counts.overruns));
  json.end_object();
}

std::string describe(std::string_view summary) {
  JsonWriter operation;
  operation.begin_object();
  operation.key("summary").string(summary);
  operation.key("responses").raw(R"({"200":{"description":"As it is now"}})");
  operation.end_object();
  return operation.take();
}

http::Handler answer_with(std::string_view content_type, std::function<std::string()> body) {
  return [content_type, body = std::move(body)](const std::shared_ptr<op::Operation>& operation) {
    exchange::Response response;
    response.content_type = content_type;
    response.body = body();
    operation->respond(std::move(response));
  };
}

}  // namespace

std::string plugin_json(const Instance& instance) {
  JsonWriter json;
  write_instance(json, instance);
  return json.take();
}

std::string plugins_json(const Supervisor& supervisor) {
  JsonWriter json;
  json.begin_object();
  json.key("plugins").begin_array();
  for (const auto& instance : supervisor.instances()) write_instance(json, *instance);
  json.end_array();
  json.end_object();
  return json.take();
}

std::string health_json(const Supervisor& supervisor, const std::vector<HealthNote>& notes) {
  const auto& instances = supervisor.instances();
  const bool degraded = std::any_of(notes.begin(), notes.end(), [](const HealthNote& note) { return note.degraded; }) ||
                        std::any_of(instances.begin(), instances.end(),
                                    [](const auto& instance) { return instance->state() != State::kRunning; });
  JsonWriter json;
  json.begin_object();
  json.key("state").string(degraded ? "degraded" : "running");
  json.key("plugins").begin_array();
  for (const auto& instance : instances) {
    json.begin_object();
    json.key("instance").string(instance->name());
    json.key("state").string(state_name(instance->state()));
    json.key("reason").string(instance->reason());
    if (instance->version().isolation == config::Isolation::kProcess) write_sandbox(json, *instance);
    json.end_object();
  }
  json.end_array();
  json.key("notes").begin_array();
  for (const HealthNote& note : notes) json.string(note.text);
  json.end_array();
  json.end_object();
  return json.take();
}

std::string metrics_text(const Supervisor& supervisor, const std::vector<HostMetric>& host_metrics) {
  MetricsText text;
  for (const HostMetric& metric : host_metrics) {
    text.add("backplane_" + metric.name, metric.labels, metric.counter, metric.value);
  }
  for (const auto& instance : supervisor.instances()) {
    const std::string label = "instance=\"" + instance->name() + "\"";
    const link::BridgeCounts counts = instance->counts();
    text.add("backplane_instance_up", label, false, instance->serving() ? 1 : 0);
    if (instance->version().isolation == config::Isolation::kProcess) {
      text.add("backplane_instance_crashes_total", label, true, static_cast<double>(instance->crashes()));
    }
    text.add("backplane_instance_unanswered", label, false, static_cast<double>(instance->unanswered()));
    text.add("backplane_instance_streams", label, false, static_cast<double>(instance->streams()));
    text.add("backplane_instance_requests_total", label, true, static_cast<double>(counts.requests));
    text.add("backplane_instance_refused_requests_total", label, true, static_cast<double>(counts.refused));
    text.add("backplane_instance_overruns_total", label, true, static_cast<double>(counts.overruns));
    for (const feed::Feed* feed : instance->own_feeds()) {
      const std::string name = "feed=\"" + feed->name() + "\"";
      text.add("backplane_feed_readers", name, false, static_cast<double>(feed->readers()));
      text.add("backplane_feed_items_lost_total", name, true, static_cast<double>(feed->items_lost()));
    }
    for (const auto& [number, metric] : instance->metrics()) {
      text.add("backplane_plugin_" + metric.name, metric.labels.empty() ? label : label + "," + metric.labels,
               metric.counter, metric.value);
    }
  }
  return text.take();
}

std::vector<http::Route> status_routes(const Supervisor& supervisor, StatusSources sources) {
  const auto notes = [ask = std::move(sources.notes)] { return ask ? ask() : std::vector<HealthNote>(); };
  const auto metrics = [ask = std::move(sources.metrics)] { return ask ? ask() : std::vector<HostMetric>(); };
  constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";
  const auto plugins_body = [&supervisor] { return plugins_json(supervisor); };
  const auto health_body = [&supervisor, notes] { return health_json(supervisor, notes()); };
  const auto metrics_body = [&supervisor, metrics] { return metrics_text(supervisor, metrics()); };
  return {
      {.id = "plugins",
       .owner = "host",
       .method = "GET",
       .pattern = "/api/v1/plugins",
       .scope = "plugins.read",
       .safe = true,
       .operation_json = describe("The plugins, their states and routes"),
       .handler = answer_with(exchange::kJsonType, plugins_body)},
      {.id = "health",
       .owner = "host",
       .method = "GET",
       .pattern = "/api/v1/health",
       .scope = "health.read",
       .safe = true,
       .operation_json = describe("How the daemon and its plugins are"),
       .handler = answer_with(exchange::kJsonType, health_body)},
      {.id = "metrics",
       .owner = "host",
       .method = "GET",
       .pattern = "/metrics",
       .scope = "metrics.read",
       .safe = true,
       .operation_json = describe("Numbers in the Prometheus text format"),
       .handler = answer_with(kPrometheusType, metrics_body)},
  };
}

}  // namespace backplane::plugin
