#include <fmt/format.h>

#include <array>

#include "link/limits.hpp"
#include "validate/checks/checks.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

constexpr std::size_t kAtOnce = 16;
constexpr std::int64_t kAnswerBeginsMs = 2;
constexpr std::size_t kWarmUpRequests = 200;
constexpr std::size_t kMeasuredRequests = 1000;

// The routes to ask very often: those that change nothing, where there are any.
std::vector<std::size_t> often(const Bench& bench) {
  const auto safe = bench.routes([](const auto& route) { return route.safe; });
  return safe.empty() ? bench.routes([](const auto&) { return true; }) : safe;
}

Finding check_random(Bench& bench, Trial& trial) {
  const auto routes = bench.routes([](const auto& route) { return route.kind == http::RouteKind::kHttp; });
  if (routes.empty()) return skipped("no HTTP route answers");
  for (std::size_t done = 0; done < limits::kValidateRandomRequests; done += kAtOnce) {
    const std::size_t route = routes[done / kAtOnce % routes.size()];
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(fmt::format("{}, random requests {} to {} of seed {}", describe(declared), done + 1, done + kAtOnce,
                            bench.seed()));
    std::vector<std::shared_ptr<Client>> clients;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      clients.push_back(trial.send(route, random_plan(declared, bench.random())));
      if (declared.body == http::BodyKind::kNone || declared.body == http::BodyKind::kFields) continue;
      clients.back()->upload(std::string(bench.random()() % 5000, static_cast<char>(bench.random()())), true);
      trial.body_sent(*clients.back());
    }
    const std::string wrong = bench.wait_for(trial, clients, route);
    if (!wrong.empty()) return failed(wrong, "answer 400 to what makes no sense");
  }
  return ok(fmt::format("{} requests", limits::kValidateRandomRequests));
}

Finding check_cancellations(Bench& bench, Trial& trial) {
  const auto routes = often(bench);
  if (routes.empty()) return skipped("no route answers");
  std::size_t cancelled = 0;
  for (std::size_t i = 0; i < limits::kValidateCancellations && trial.running(); ++i) {
    const std::size_t route = routes[i % routes.size()];
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(fmt::format("{}, request {} that its client gives up", describe(declared), i + 1));
    const auto client = trial.send(route, plausible_plan(declared));
    if (i % 3 == 1) trial.pause(0);                                                   // what it has to do has begun
    if (i % 3 == 2) trial.wait([&] { return client->answered(); }, kAnswerBeginsMs);  // the answer may have begun
    if (client->over()) continue;
    client->leave();
    ++cancelled;
  }
  return ok(fmt::format("{} requests, {} given up before their answer", limits::kValidateCancellations, cancelled));
}

Finding check_ends(Bench& bench, Trial& trial) {
  const auto routes = often(bench);
  if (routes.empty()) return skipped("no route answers");
  constexpr std::array kEnds = {op::End::kDeadline, op::End::kRevoked, op::End::kStopping, op::End::kOverrun};
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    for (const op::End end : kEnds) {
      bench.doing(fmt::format("{}, ended with {} before it is answered", describe(declared), op::end_name(end)));
      trial.send(route, plausible_plan(declared))->operation().finish(end);
    }
  }
  return ok(fmt::format("{}, {} kinds of end each", counted(routes.size(), "route"), kEnds.size()));
}

Finding check_many_at_once(Bench& bench, Trial& trial) {
  const auto routes = often(bench);
  if (routes.empty()) return skipped("no route answers");
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(fmt::format("{}, {} times at once", describe(declared), link::limits::kOperationsPerPluginMax));
    std::vector<std::shared_ptr<Client>> clients;
    for (std::size_t i = 0; i < link::limits::kOperationsPerPluginMax; ++i) {
      clients.push_back(trial.send(route, plausible_plan(declared)));
    }
    const std::string wrong = bench.wait_for(trial, clients, route);
    if (!wrong.empty()) {
      return failed(wrong, fmt::format("{} unanswered requests are within a plugin's limit",
                                       link::limits::kOperationsPerPluginMax));
    }
  }
  return ok(
      fmt::format("{}, {} requests each", counted(routes.size(), "route"), link::limits::kOperationsPerPluginMax));
}

// Asks that often. What was not answered, in words.
std::string ask_often(Bench& bench, Trial& trial, std::size_t times) {
  const auto routes = often(bench);
  for (std::size_t done = 0; done < times; done += kAtOnce) {
    const std::size_t route = routes[done / kAtOnce % routes.size()];
    std::vector<std::shared_ptr<Client>> clients;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      clients.push_back(trial.send(route, plausible_plan(bench.manifest().routes[route])));
    }
    std::string wrong = bench.wait_for(trial, clients, route);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

Finding check_memory(Bench& bench, Trial& trial) {
  if (often(bench).empty()) return skipped("no route answers");
  bench.doing(fmt::format("{} requests", kWarmUpRequests + kMeasuredRequests));
  std::string wrong = ask_often(bench, trial, kWarmUpRequests);
  const std::uint64_t before = trial.memory_bytes();
  if (wrong.empty()) wrong = ask_often(bench, trial, kMeasuredRequests);
  const std::uint64_t after = trial.memory_bytes();
  if (!wrong.empty()) return failed(wrong);
  const std::string text =
      fmt::format("{} KiB, and {} KiB after {} more requests", before / 1024, after / 1024, kMeasuredRequests);
  if (after > before + limits::kValidateGrowthBytesMax) {
    return failed(text, "free in on_end what belongs to an operation");
  }
  return ok(text);
}

}  // namespace

void check_random_requests(Bench& bench) {
  bench.check(3, "random requests", [&bench](Trial& trial) { return check_random(bench, trial); });
}

void check_load(Bench& bench) {
  bench.check(3, "cancellations", [&bench](Trial& trial) { return check_cancellations(bench, trial); });
  bench.check(3, "answers after the end", [&bench](Trial& trial) { return check_ends(bench, trial); });
  bench.check(3, "many at once", [&bench](Trial& trial) { return check_many_at_once(bench, trial); });
  bench.check(3, "memory", [&bench](Trial& trial) { return check_memory(bench, trial); });
}

}  // namespace backplane::validate
