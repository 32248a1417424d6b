// The steps that a query may hold: each calls one host function and notes what it said.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <thread>

#include "probe.hpp"

namespace probe {
namespace {

bp_response make_response(std::int32_t status, std::string_view body) {
  bp_response response{};
  response.size = sizeof response;
  response.status = status;
  response.content_type = bytes("text/plain");
  response.body = bytes(body);
  return response;
}

bp_status respond_with_header(Probe& probe, bp_op op, std::string_view name, std::string_view value) {
  const bp_field header{bytes(name), bytes(value)};
  bp_response response = make_response(200, "x");
  response.headers = {&header, 1, sizeof header};
  return probe.h->respond(probe.host, op, &response);
}

struct Step {
  std::vector<std::string> words;
  const std::string& name() const { return words[0]; }
  std::string word(std::size_t i) const { return i < words.size() ? words[i] : ""; }
  // 0 where it is no number.
  std::int64_t number(std::size_t i) const {
    std::int64_t value = 0;
    if (i < words.size()) std::from_chars(words[i].data(), words[i].data() + words[i].size(), value);
    return value;
  }
};

std::vector<std::string> split(std::string_view from, char mark) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = from.find(mark);
    parts.emplace_back(from.substr(0, at));
    if (at == std::string_view::npos) return parts;
    from.remove_prefix(at + 1);
  }
}

// Waits for a byte in a named pipe.
void wait_at(const std::string& path) {
  const int pipe = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  char byte = 0;
  [[maybe_unused]] const auto got = ::read(pipe, &byte, 1);
  ::close(pipe);
}

void wait_for_gate(void* gate) {
  const std::unique_ptr<std::string> path(static_cast<std::string*>(gate));
  wait_at(*path);
}

void signal_at(const std::string& path) {
  const int pipe = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  [[maybe_unused]] const auto written = ::write(pipe, "x", 1);
  ::close(pipe);
}

bp_status run_work(Probe& probe, bp_cookie cookie, std::string gate) {
  auto path = std::make_unique<std::string>(std::move(gate));
  const bp_status status = probe.l->run_blocking(probe.host, cookie, wait_for_gate, path.get());
  if (status == BP_OK) path.release();  // the work frees it
  return status;
}

bool http_step(Probe& probe, bp_op op, const Step& step) {
  const std::string& name = step.name();
  const std::string body(static_cast<std::size_t>(std::max<std::int64_t>(0, step.number(2))), 'b');
  const std::string piece(static_cast<std::size_t>(std::max<std::int64_t>(0, step.number(1))), 'p');
  if (name == "respond") {
    probe.note(name,
               respond(probe, op, static_cast<std::int32_t>(step.number(1)), step.words.size() > 2 ? body : "ok"));
  } else if (name == "respond_fresh") {
    bp_response response = make_response(static_cast<std::int32_t>(step.number(1)), "fresh");
    response.fresh_ms = step.number(2);
    probe.note(name, probe.h->respond(probe.host, op, &response));
  } else if (name == "respond_null") {
    probe.note(name, probe.h->respond(probe.host, op, nullptr));
  } else if (name == "respond_short") {
    bp_response response = make_response(200, "x");
    response.size = 8;
    probe.note(name, probe.h->respond(probe.host, op, &response));
  } else if (name == "respond_header") {
    probe.note(name, respond_with_header(probe, op, step.word(1), step.word(2)));
  } else if (name == "respond_newline") {
    probe.note(name, respond_with_header(probe, op, "X-Name", "a\r\nSet-Cookie: b"));
  } else if (name == "fail") {
    probe.note(name, probe.h->fail(probe.host, op, static_cast<std::int32_t>(step.number(1)), bytes(step.word(2)),
                                   bytes("why")));
  } else if (name == "begin") {
    const bp_response head = make_response(step.words.size() > 1 ? static_cast<std::int32_t>(step.number(1)) : 200, "");
    probe.note(name, probe.h->begin(probe.host, op, &head));
  } else if (name == "write") {
    probe.note(name, probe.h->write(probe.host, op, BP_DATA_BYTES, bytes(piece)));
  } else if (name == "text") {
    probe.note(name, probe.h->write(probe.host, op, BP_DATA_TEXT, bytes(step.word(1))));
  } else if (name == "text_broken") {
    probe.note(name, probe.h->write(probe.host, op, BP_DATA_TEXT, bytes("\xC3(")));
  } else if (name == "kind") {
    probe.note(name, probe.h->write(probe.host, op, static_cast<std::int32_t>(step.number(1)), bytes("x")));
  } else if (name == "fill") {  // writes pieces of that size until one is not taken
    int taken = 0;
    bp_status status = BP_OK;
    while ((status = probe.h->write(probe.host, op, BP_DATA_BYTES, bytes(piece))) == BP_OK && taken < 10000) ++taken;
    probe.note("fill " + std::to_string(taken), status);
  } else if (name == "end") {
    probe.note(name, probe.h->end(probe.host, op, static_cast<std::int32_t>(step.number(1)), bytes("bye")));
  } else if (name == "consume") {
    probe.note(name, probe.h->consume(probe.host, op, static_cast<std::size_t>(step.number(1))));
  } else if (name == "consume_at_once") {
    probe.consume_at_once = true;
  } else {
    return false;
  }
  return true;
}

bool loop_step(Probe& probe, const Step& step) {
  const std::string& name = step.name();
  const auto cookie = static_cast<bp_cookie>(step.number(1));
  if (name == "post") {
    probe.note(name, probe.host->post(probe.host, cookie));
  } else if (name == "post_many") {
    int taken = 0;
    bp_status status = BP_OK;
    while ((status = probe.host->post(probe.host, 0)) == BP_OK && taken < 100000) ++taken;
    probe.note("post_many " + std::to_string(taken), status);
  } else if (name == "post_elsewhere") {
    std::thread other([&probe, cookie] { probe.note("post_elsewhere", probe.host->post(probe.host, cookie)); });
    other.join();
  } else if (name == "timer") {
    probe.note(name, probe.l->set_timer(probe.host, cookie, step.number(2), step.number(3)));
  } else if (name == "timers") {
    int taken = 0;
    bp_status status = BP_OK;
    while ((status = probe.l->set_timer(probe.host, 1000 + static_cast<bp_cookie>(taken), 1 << 30, 0)) == BP_OK)
      ++taken;
    probe.note("timers " + std::to_string(taken), status);
  } else if (name == "cancel") {
    probe.note(name, probe.l->cancel_timer(probe.host, cookie));
  } else if (name == "watch_pipe") {
    if (probe.pipe[0] < 0 && ::pipe(probe.pipe) != 0) return false;
    probe.note(name, probe.l->watch_fd(probe.host, cookie, probe.pipe[0], BP_FD_READ));
  } else if (name == "watch_bad") {
    probe.note(name, probe.l->watch_fd(probe.host, cookie, -1, BP_FD_READ));
  } else if (name == "watch_events") {
    probe.note(name, probe.l->watch_fd(probe.host, cookie, 0, 8));
  } else if (name == "watch_elsewhere") {
    std::thread other([&probe, cookie] {
      probe.note("watch_elsewhere", probe.l->watch_fd(probe.host, cookie, probe.pipe[0], BP_FD_READ));
    });
    other.join();
  } else if (name == "feed_pipe") {
    [[maybe_unused]] const auto written = ::write(probe.pipe[1], "x", 1);
  } else if (name == "unwatch") {
    probe.note(name, probe.l->unwatch_fd(probe.host, cookie));
  } else if (name == "work") {  // work:cookie:gate waits for a byte from the gate
    probe.note(name, run_work(probe, cookie, step.word(2)));
  } else if (name == "work_null") {
    probe.note(name, probe.l->run_blocking(probe.host, cookie, nullptr, nullptr));
  } else if (name == "signal") {
    signal_at(step.word(1));
  } else if (name == "block") {  // blocks this thread until the gate has a byte
    wait_at(step.word(1));
  } else {
    return false;
  }
  return true;
}

bool metric_step(Probe& probe, const Step& step) {
  const std::string& name = step.name();
  const bp_field label{bytes("zone"), bytes("a\"b\n")};
  const bp_field bad_label{bytes("instance"), bytes("x")};
  if (name == "metric") {
    probe.note(name, probe.m->metric(probe.host, bytes(step.word(1)), {&label, 1, sizeof label}, BP_METRIC_GAUGE,
                                     static_cast<double>(step.number(2))));
  } else if (name == "metric_label") {
    probe.note(name, probe.m->metric(probe.host, bytes("x"), {&bad_label, 1, sizeof label}, BP_METRIC_GAUGE, 1));
  } else if (name == "metric_kind") {
    probe.note(name, probe.m->metric(probe.host, bytes("x"), {}, 7, 1));
  } else if (name == "metrics") {
    int taken = 0;
    bp_status status = BP_OK;
    do {
      status = probe.m->metric(probe.host, bytes("many_" + std::to_string(taken)), {}, BP_METRIC_COUNTER, 1);
    } while (status == BP_OK && ++taken < 100000);
    probe.note("metrics " + std::to_string(taken), status);
  } else if (name == "state") {
    probe.note(name, probe.m->set_state(probe.host, static_cast<std::int32_t>(step.number(1)), bytes(step.word(2))));
  } else if (name == "log") {
    for (std::int64_t n = 0; n < step.number(1); ++n) probe.host->log(probe.host, BP_LOG_INFO, bytes("probe line"));
  } else if (name == "log_long") {
    probe.host->log(probe.host, BP_LOG_ERROR, bytes(std::string(10000, 'L')));
  } else {
    return false;
  }
  return true;
}

bool info_step(Probe& probe, const Step& step) {
  const std::string& name = step.name();
  char buffer[512];
  std::size_t length = 0;
  if (name == "info") {
    const bp_status status = probe.i->get(probe.host, step.word(1).c_str(), buffer, sizeof buffer, &length);
    probe.note("info " + (status == BP_OK ? std::string(buffer, length) : ""), status);
  } else if (name == "info_cut") {
    const bp_status status = probe.i->get(probe.host, "version", buffer, 3, &length);
    probe.note("info_cut " + std::string(buffer) + " of " + std::to_string(length), status);
  } else if (name == "data_dir") {
    const bp_status status = probe.i->data_dir(probe.host, buffer, sizeof buffer, &length);
    probe.note("data_dir " + (status == BP_OK ? std::string(buffer, length) : ""), status);
  } else if (name == "done") {
    probe.note(name, probe.host->done(probe.host, static_cast<bp_cookie>(step.number(1)), BP_OK, {}));
  } else if (name == "extension") {
    const bool there = probe.host->get_extension(probe.host, (step.word(1) + "/1").c_str()) != nullptr;
    probe.note(there ? "extension there" : "extension absent");
  } else {
    return false;
  }
  return true;
}

}  // namespace

bp_status respond(Probe& probe, bp_op op, std::int32_t status, std::string_view body) {
  const bp_response response = make_response(status, body);
  return probe.h->respond(probe.host, op, &response);
}

void run_steps(Probe& probe, bp_op own, std::string_view query) {
  bp_op op = own;
  for (const std::string& one : split(query, ',')) {
    const Step step{split(one, ':')};
    if (one.empty()) continue;
    if (step.name() == "own") {
      op = own;
    } else if (step.name() == "save") {
      probe.slots[step.word(1)] = op;
      probe.slot_names[op] = step.word(1);
    } else if (step.name() == "use") {
      op = probe.slots[step.word(1)];
    } else if (!http_step(probe, op, step) && !loop_step(probe, step) && !metric_step(probe, step) &&
               !info_step(probe, step) && !feed_step(probe, op, step.words)) {
      probe.note("unknown step " + one);
    }
  }
}

}  // namespace probe
