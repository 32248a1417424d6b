#include <fmt/format.h>

#include <algorithm>

#include "op/limits.hpp"
#include "validate/checks/checks.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {
namespace {

constexpr std::int64_t kSlowMs = 1'000;  // enough to fill any window
constexpr std::size_t kPieceBytes = 64 * 1024;

std::uint64_t growth_since(const Trial& trial, std::uint64_t before) {
  const std::uint64_t now = trial.memory_bytes();
  return now > before ? now - before : 0;
}

std::string mib(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

std::vector<std::pair<op::DataKind, std::string>> messages() {
  std::vector<std::pair<op::DataKind, std::string>> list;
  for (const std::string& text : hostile_texts()) list.emplace_back(op::DataKind::kText, text);
  list.emplace_back(op::DataKind::kText, "{\"event_type\": \"ping\", \"event\": {}}");
  list.emplace_back(op::DataKind::kText, std::string(op::limits::kStreamWindowBytes / 2, 't'));
  list.emplace_back(op::DataKind::kBinary, "");
  for (const char first : {'\0', '\1', '\2', '\3', '\377'})
    list.emplace_back(op::DataKind::kBinary, std::string(9, first));
  list.emplace_back(op::DataKind::kBinary, std::string(op::limits::kStreamWindowBytes / 2, '\xFF'));
  return list;
}

// Why the plugin takes no more of them; empty: it took all, or has closed it.
std::string talk(Trial& trial, Client& client) {
  for (const auto& [kind, text] : messages()) {
    const std::size_t size = text.size();
    const auto room = [&] { return client.over() || client.operation().receive_credit() >= size; };
    if (!room() && !trial.wait(room, limits::kValidateHaltMs)) {
      return fmt::format("it takes no more messages after {} s of waiting", limits::kValidateHaltMs / 1000);
    }
    if (client.over()) return {};
    client.operation().deliver(kind, text, false);
  }
  trial.wait([&] { return client.over(); }, limits::kValidateStreamMs);
  return {};
}

Finding check_sockets(Bench& bench, Trial& trial) {
  auto sockets = bench.routes([](const auto& route) { return route.kind == http::RouteKind::kWebSocket; });
  std::erase_if(sockets, [&bench](std::size_t route) { return !bench.streams(route); });
  if (sockets.empty()) return skipped("no WebSocket was accepted");
  for (const std::size_t route : sockets) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(describe(declared) + ", text and binary messages");
    for (const op::End end : {op::End::kClientGone, op::End::kRevoked}) {
      const auto client = trial.send(route, plausible_plan(declared));
      trial.wait([&] { return client->answered() || client->over(); },
                 bench.answer_ms(route) + limits::kValidateSpareMs);
      if (!client->answered()) return failed(describe(declared) + " was not accepted again");
      const std::string wrong = talk(trial, *client);
      client->operation().finish(end);
      if (!wrong.empty()) return failed(describe(declared) + ": " + wrong, "give every message back with consume()");
    }
  }
  return ok(fmt::format("{} messages to {}", 2 * messages().size(), counted(sockets.size(), "route")));
}

Finding check_slow_readers(Bench& bench, Trial& trial) {
  auto routes = bench.routes([](const auto&) { return true; });
  std::erase_if(routes, [&bench](std::size_t route) { return !bench.streams(route); });
  if (routes.empty()) return skipped("no route streams");
  std::uint64_t most = 0;
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(describe(declared) + ", read by nobody");
    const std::uint64_t before = trial.memory_bytes();
    const auto client = trial.send(route, plausible_plan(declared));
    client->stop_reading();
    client->upload({}, true);
    trial.pause(kSlowMs);
    most = std::max(most, growth_since(trial, before));
    client->read_on();
    trial.wait([&] { return client->over(); }, limits::kValidateStreamMs);
    if (!client->over()) client->leave();
    if (most > limits::kValidateGrowthBytesMax) {
      return failed(fmt::format("{}: {} more memory while the client did not read", describe(declared), mib(most)),
                    "after BP_E_AGAIN drop or wait for on_writable; do not queue without a bound");
    }
  }
  return ok(fmt::format("{}, up to {} more memory", counted(routes.size(), "stream"), mib(most)));
}

// Sends that much as fast as the plugin takes it. Why it stopped; empty: it took all, or has answered.
std::string flood(Trial& trial, Client& client, std::size_t total, std::size_t& sent) {
  const std::string piece(kPieceBytes, 'x');
  while (sent < total && !client.answered() && !client.over()) {
    const std::size_t size = std::min(piece.size(), total - sent);
    sent += client.upload(std::string_view(piece).substr(0, size), size == total - sent);
    const auto room = [&] { return client.answered() || client.over() || client.operation().receive_credit() != 0; };
    if (!room() && !trial.wait(room, limits::kValidateHaltMs)) {
      return fmt::format("it took {} KiB of an upload, and in {} s no more", sent / 1024,
                         limits::kValidateHaltMs / 1000);
    }
  }
  trial.body_sent(client);
  return {};
}

Finding check_uploads(Bench& bench, Trial& trial) {
  const auto routes = bench.routes(
      [](const auto& route) { return route.body == http::BodyKind::kRaw || route.body == http::BodyKind::kParts; });
  if (routes.empty()) return skipped("no route that answers takes a raw body or parts");
  std::uint64_t most = 0;
  std::size_t sent = 0;
  for (const std::size_t route : routes) {
    const plugin::ManifestRoute& declared = bench.manifest().routes[route];
    bench.doing(describe(declared) + ", a large upload");
    const std::uint64_t before = trial.memory_bytes();
    const auto client = trial.send(route, plausible_plan(declared));
    if (declared.body == http::BodyKind::kParts) client->operation().deliver_part({"file", "file.bin", "text/plain"});
    std::size_t sent_here = 0;
    std::string wrong =
        flood(trial, *client, std::min(declared.body_bytes_max, limits::kValidateUploadBytesMax), sent_here);
    sent += sent_here;
    if (wrong.empty()) wrong = bench.wait_for(trial, {client}, route);
    if (!client->over()) client->leave();
    if (!wrong.empty()) return failed(describe(declared) + ": " + wrong, "give all of on_data back with consume()");
    most = std::max(most, growth_since(trial, before));
    if (most > limits::kValidateGrowthBytesMax) {
      return failed(fmt::format("{}: {} more memory after an upload", describe(declared), mib(most)),
                    "consume() only what is dealt with");
    }
  }
  return ok(fmt::format("{}, {} sent before the answers, up to {} more memory", counted(routes.size(), "route"),
                        mib(sent), mib(most)));
}

}  // namespace

void check_streams(Bench& bench) {
  bench.check(2, "WebSocket messages", [&bench](Trial& trial) { return check_sockets(bench, trial); });
  bench.check(2, "slow readers", [&bench](Trial& trial) { return check_slow_readers(bench, trial); });
  bench.check(2, "large uploads", [&bench](Trial& trial) { return check_uploads(bench, trial); });
}

}  // namespace backplane::validate
