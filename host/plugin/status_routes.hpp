// The host's routes on how it and its plugins are: GET /api/v1/plugins, GET /api/v1/health and GET /metrics.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/route.hpp"
#include "plugin/supervisor.hpp"

namespace backplane::plugin {

// Something that operators should know: a plain listener off loopback, a certificate that ends soon.
struct HealthNote {
  std::string text;
  bool degraded = false;  // the daemon works in part only
};

// A number of the daemon's own, shown as backplane_<name>.
struct HostMetric {
  std::string name;
  std::string labels;  // `a="b",c="d"`; empty: none
  bool counter = false;
  double value = 0;
};

// What the daemon adds; asked on every call, on the I/O thread. Either may be empty.
struct StatusSources {
  std::function<std::vector<HealthNote>()> notes;
  std::function<std::vector<HostMetric>()> metrics;
};

// The supervisor must outlive the routes.
std::vector<http::Route> status_routes(const Supervisor& supervisor, StatusSources sources);

// The bodies, for tests and for other ways to show them.
std::string plugin_json(const Instance& instance);
std::string plugins_json(const Supervisor& supervisor);
std::string health_json(const Supervisor& supervisor, const std::vector<HealthNote>& notes);
std::string metrics_text(const Supervisor& supervisor, const std::vector<HostMetric>& host_metrics);

}  // namespace backplane::plugin
