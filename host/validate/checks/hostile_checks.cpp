#include <fmt/format.h>

#include <algorithm>

#include "http/limits.hpp"
#include "op/limits.hpp"
#include "validate/checks/checks.hpp"

namespace backplane::validate {
namespace {

constexpr std::size_t kAtOnce = 16;  // well below what the host lets a plugin have open
constexpr int kLeavings = 8;
constexpr std::size_t kStrangeFields = http::limits::kFieldsMax / 2;

bool any_http(const plugin::ManifestRoute& route) {
  return route.kind == http::RouteKind::kHttp;
}

// A body that the route's author did not think of.
std::shared_ptr<Client> send_strange_body(Bench& bench, Trial& trial, std::size_t route) {
  const plugin::ManifestRoute& declared = bench.manifest().routes[route];
  RequestPlan plan = plausible_plan(declared);
  plan.headers.push_back({"Content-Type", "application/x-unheard-of; charset=\"?\""});
  for (std::size_t i = 0; i < kStrangeFields; ++i) plan.fields.push_back({i % 2 == 0 ? "twice" : "", "strange"});
  auto client = trial.send(route, plan);
  const std::string bytes(op::limits::kStreamWindowBytes / 4, '\xFF');
  if (declared.body == http::BodyKind::kParts) {
    client->operation().deliver_part({"", "../../etc/passwd", "text/html"});
    client->operation().deliver_part({std::string(http::limits::kFieldNameBytesMax, 'n'), std::nullopt, ""});
  }
  if (declared.body == http::BodyKind::kRaw || declared.body == http::BodyKind::kParts) {
    client->upload(bytes, false);
    client->upload({}, true);
    trial.body_sent(*client);
  }
  return client;
}

Finding check_bodies(Bench& bench, Trial& trial) {
  const auto routes = bench.routes([](const auto& route) { return route.body != http::BodyKind::kNone; });
  if (routes.empty()) return skipped("no route that answers takes a body");
  for (const std::size_t route : routes) {
    bench.doing(describe(bench.manifest().routes[route]) + " with a body that it does not expect");
    const std::string wrong = bench.wait_for(trial, {send_strange_body(bench, trial, route)}, route);
    if (!wrong.empty()) return failed(wrong, "answer 400 to a body that makes no sense");
  }
  return ok(counted(routes.size(), "route"));
}

Finding check_leaving(Bench& bench, Trial& trial) {
  const auto routes = bench.routes([](const auto&) { return true; });
  if (routes.empty()) return skipped("no route answers");
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(describe(declared) + ", and the client leaves at once");
    for (int i = 0; i < kLeavings; ++i) {
      const auto client = trial.send(route, plausible_plan(declared));
      if (i % 2 != 0) trial.pause(1);  // it has begun with it by then
      if (!client->over()) client->leave();
    }
  }
  return ok(fmt::format("{}, {} times each", counted(routes.size(), "route"), kLeavings));
}

Finding check_values(Bench& bench, Trial& trial) {
  const auto routes = bench.routes(any_http);
  if (routes.empty()) return skipped("no HTTP route answers");
  const std::vector<std::string>& texts = hostile_texts();
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    for (std::size_t first = 0; first < texts.size(); first += kAtOnce) {
      const std::size_t last = std::min(first + kAtOnce, texts.size());
      bench.doing(fmt::format("{} with hostile values {} to {} in query, path, headers and fields", describe(declared),
                              first + 1, last));
      std::vector<std::shared_ptr<Client>> clients;
      for (std::size_t i = first; i < last; ++i) {
        clients.push_back(trial.send(route, hostile_plan(declared, texts[i])));
        if (declared.body == http::BodyKind::kNone || declared.body == http::BodyKind::kFields) continue;
        clients.back()->upload(texts[i], true);
        trial.body_sent(*clients.back());
      }
      const std::string wrong = bench.wait_for(trial, clients, route);
      if (!wrong.empty()) return failed(wrong, "answer 400 to a value that makes no sense");
    }
  }
  return ok(fmt::format("{}, {} texts each", counted(routes.size(), "route"), texts.size()));
}

}  // namespace

void check_hostile(Bench& bench) {
  bench.check(2, "unexpected bodies", [&bench](Trial& trial) { return check_bodies(bench, trial); });
  bench.check(2, "clients that leave", [&bench](Trial& trial) { return check_leaving(bench, trial); });
  bench.check(2, "hostile values", [&bench](Trial& trial) { return check_values(bench, trial); });
}

}  // namespace backplane::validate
