#include <fmt/format.h>

#include "validate/checks/checks.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

constexpr std::int64_t kSoonMs = 250;  // then the next route is asked meanwhile

struct Asked {
  std::size_t line;
  std::size_t route;
  std::shared_ptr<Client> client;
};

Finding describe_answer(const Client& client, bool websocket, std::int64_t took_ms) {
  if (!client.streams()) return ok(fmt::format("{}, {} bytes in {} ms", client.status(), client.bytes(), took_ms));
  return ok(fmt::format("{} in {} ms", websocket ? "accepted" : fmt::format("{}, a stream", client.status()), took_ms));
}

Finding no_answer(const Bench& bench, std::size_t route) {
  const std::int64_t limit_ms = bench.manifest().routes[route].timeout_ms;
  if (limit_ms > limits::kValidateAnswerMs) {
    return skipped(fmt::format("no answer within {} s, and it may take {} s; so it is asked no more",
                               limits::kValidateAnswerMs / 1000, limit_ms / 1000));
  }
  return failed(fmt::format("no answer within its {} ms", limit_ms),
                "answer every request, with fail() where there is nothing to say, or give it a longer timeout_ms");
}

// Asks a route and waits a moment. What has not answered by then is waited for with the others.
void ask_first(Bench& bench, std::size_t route, std::vector<Asked>& waiting) {
  const plugin::ManifestRoute& declared = bench.manifest().routes[route];
  std::shared_ptr<Client> client;
  bool answered = false;
  const std::size_t line = bench.check(2, "route " + declared.id, [&](Trial& trial) {
    bench.doing(describe(declared));
    const std::int64_t began_ms = base::system_clock().steady_ms();
    client = trial.send(route, plausible_plan(declared));
    if (declared.body == http::BodyKind::kRaw || declared.body == http::BodyKind::kParts) {
      client->upload("1", true);
      trial.body_sent(*client);
    }
    trial.wait([&] { return client->answered() || client->over(); }, std::min(kSoonMs, declared.timeout_ms));
    if (!trial.running() || !client->answered()) return no_answer(bench, route);
    const std::int64_t took_ms = base::system_clock().steady_ms() - began_ms;
    trial.wait([&] { return client->over(); }, limits::kValidateStreamMs);
    answered = true;
    if (client->streams()) bench.set_streams(route);
    Finding finding = describe_answer(*client, declared.kind == http::RouteKind::kWebSocket, took_ms);
    if (!client->over()) client->leave();
    return finding;
  });
  if (answered && bench.verdict(line) != Verdict::kFailed) return bench.set_answers(route);
  bench.set_silent(route);
  if (client != nullptr && !client->over()) waiting.push_back({line, route, std::move(client)});
}

void wait_for_late(Bench& bench, const Asked& asked) {
  Trial* trial = bench.present();
  Client& client = *asked.client;
  if (trial == nullptr || !trial->running()) {
    return bench.amend(asked.line, skipped("another request ended the process before this one was answered"));
  }
  trial->wait([&] { return client.answered() || client.over(); },
              bench.answer_ms(asked.route) + limits::kValidateSpareMs);
  if (!trial->running()) {
    return bench.amend(asked.line,
                       failed("its process ended before it answered: " + trial->lost().value_or("it stopped")));
  }
  if (client.answered()) {
    bench.set_late(asked.route);
    bench.amend(asked.line, ok(fmt::format("{}, {} bytes, late", client.status(), client.bytes())));
  }
  if (!client.over()) client.leave();
}

}  // namespace

void check_routes(Bench& bench) {
  std::vector<Asked> waiting;
  const auto all = bench.routes([](const plugin::ManifestRoute&) { return true; });
  if (all.size() < bench.manifest().routes.size()) {
    bench.add(2, "routes", {Verdict::kNote, fmt::format("the first {} are asked", all.size()), {}});
  }
  for (const std::size_t route : all) ask_first(bench, route, waiting);
  for (const Asked& asked : waiting) wait_for_late(bench, asked);

  bench.check(2, "asked twice", [&bench](Trial& trial) {
    const auto safe =
        bench.routes([](const auto& route) { return route.safe && route.kind == http::RouteKind::kHttp; });
    if (safe.empty()) return skipped("no safe route answers");
    for (const std::size_t route : safe) {
      const plugin::ManifestRoute& declared = bench.manifest().routes[route];
      bench.doing(describe(declared) + " twice");
      const auto first = bench.ask(trial, route, plausible_plan(declared));
      const auto second = bench.ask(trial, route, plausible_plan(declared));
      if (first->status() < 400 && (!second->answered() || second->status() >= 500)) {
        return failed(fmt::format("{} answers {} first and then {}", describe(declared), first->status(),
                                  second->answered() ? std::to_string(second->status()) : "nothing"),
                      "a safe route changes nothing: asking again gives the same");
      }
    }
    return ok(counted(safe.size(), "safe route"));
  });
}

}  // namespace backplane::validate
