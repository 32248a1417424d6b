// One module with the misdeeds of careless authors, a row each; the configuration names the row.
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "bad.hpp"

namespace {

using bad::Misdeed;
using bad::Plugin;

bool fail_in_create(Plugin& plugin) {
  plugin.host->log(plugin.host, BP_LOG_ERROR, bad::bytes("no such board"));
  return false;
}

bool throw_in_create(Plugin&) {
  throw std::runtime_error("thrown on purpose");
}

bool leave_its_route_unhandled(Plugin& plugin) {
  plugin.http_events.route_count = 0;
  return true;
}

bool handle_a_route_that_is_not_declared(Plugin& plugin) {
  static const char* const routes[] = {"go", "hidden"};
  plugin.http_events.routes = routes;
  plugin.http_events.route_count = std::size(routes);
  return true;
}

// As only a plugin without the SDK can.
void let_an_exception_out(Plugin&, const bp_request&) {
  throw std::runtime_error("thrown on purpose");
}

// Each request again and again, also those that have ended.
void answer_twice(Plugin& plugin, const bp_request& request) {
  static bp_op last = 0;
  plugin.respond(last, "late");
  plugin.respond(request.op, "first");
  for (int i = 0; i < 100; ++i) plugin.respond(request.op, "again");
  plugin.http->fail(plugin.host, request.op, 500, {}, {});
  last = request.op;
}
bool answer_what_has_ended(Plugin& plugin) {
  plugin.http_events.on_end = [](void* self, bp_op op, std::int32_t) { Plugin::of(self).respond(op, "after the end"); };
  return true;
}

// Forgets every request, and keeps the numbers of all that it was ever given.
void never_answer(Plugin&, const bp_request& request) {
  static std::vector<bp_op> leaked;
  leaked.push_back(request.op);
}

// Holds its thread: writes to the first pipe that the query names, and waits for a byte of the second.
void block(Plugin& plugin, const bp_request& request) {
  const std::string query(bad::text(request.query));
  const std::size_t comma = query.find(',');
  const int held = ::open(query.substr(0, comma).c_str(), O_WRONLY | O_CLOEXEC);
  const int gate = ::open(query.substr(comma + 1).c_str(), O_RDONLY | O_CLOEXEC);
  char byte = 'x';
  if (::write(held, &byte, 1) == 1 && ::read(gate, &byte, 1) == 1) plugin.respond(request.op, "at last");
  ::close(held);
  ::close(gate);
}

// Writes without credit, logs without end, and makes up metrics, posts and states.
void flood(Plugin& plugin, const bp_request& request) {
  bp_response head{};
  head.size = sizeof head;
  head.status = 200;
  plugin.http->begin(plugin.host, request.op, &head);
  const std::string piece(60000, 'f');
  for (int i = 0; i < 20000; ++i) {
    plugin.http->write(plugin.host, request.op, BP_DATA_BYTES, bad::bytes(piece));
    plugin.http->consume(plugin.host, request.op, 1);
    plugin.host->log(plugin.host, BP_LOG_INFO, bad::bytes("flood"));
    plugin.host->post(plugin.host, 1);
    plugin.health->set_state(plugin.host, i % 2, bad::bytes("flood"));
    plugin.health->metric(plugin.host, bad::bytes("m" + std::to_string(i)), {}, BP_METRIC_GAUGE, i);
  }
  plugin.http->end(plugin.host, request.op, 0, {});
}

// Does not answer stop before the pipe that a request named has a byte.
void watch_the_gate(Plugin& plugin, const bp_request& request) {
  const std::string gate(bad::text(request.query));
  plugin.loop->watch_fd(plugin.host, 1, ::open(gate.c_str(), O_RDONLY | O_CLOEXEC), BP_FD_READ);
  plugin.respond(request.op, "fine");
}
bool hang_in_stop(Plugin& plugin) {
  static bp_cookie asked = 0;
  plugin.table.stop = [](void*, bp_cookie done) { asked = done; };
  plugin.loop_events.on_fd = [](void* self, bp_cookie, std::uint32_t) { Plugin::of(self).done(asked); };
  return true;
}

constexpr Misdeed kRows[] = {
    bad::kGood,
    {"create-fails", nullptr, fail_in_create},
    {"create-throws", nullptr, throw_in_create},
    {"route-without-handler", nullptr, leave_its_route_unhandled},
    {"handler-without-route", nullptr, handle_a_route_that_is_not_declared},
    {"throws", let_an_exception_out},
    {"answers-twice", answer_twice, answer_what_has_ended},
    {"never-answers", never_answer},
    {"blocks", block},
    {"floods", flood},
    {"stop-hangs", watch_the_gate, hang_in_stop},
};

const bp_plugin* create(const bp_host* host, const char*, bp_bytes config) {
  const Misdeed* misdeed = bad::chosen(kRows, config);
  return misdeed == nullptr ? nullptr : bad::create(host, *misdeed);
}

}  // namespace

BAD_PLUGIN(BP_ABI_VERSION, create);
