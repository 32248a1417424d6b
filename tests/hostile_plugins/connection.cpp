// Speaks past the runner: what is no frame, not its to say, or not true.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "hostile_plugins/misdeeds.hpp"
#include "hostile_plugins/past_runner.hpp"

namespace hostile {
namespace {

[[noreturn]] void live_on() {
  for (;;) ::pause();
}
std::string half_a_frame() {
  return frame({Code::kLog, 0, link::Log{{}, "half of this"}}).substr(0, 20);
}
void say_bytes(bp_op op, std::string bytes) {
  say({Code::kWrite, op, link::Data{backplane::op::DataKind::kBytes, std::move(bytes)}});
}

// --- frames ---

void write_garbage(Plugin&, const bp_request&) {
  send_bytes(std::string(64, 'x'));
}
void announce_four_gigabytes(Plugin&, const bp_request&) {
  std::string head;
  link::write_frame_head({0xFFFFFFFF, static_cast<std::uint16_t>(Code::kLog), 0, 0}, head);
  send_bytes(head);
}
void send_half_a_frame(Plugin&, const bp_request&) {
  send_bytes(half_a_frame());
  ::shutdown(link::kRunnerSocket, SHUT_RDWR);
  live_on();
}
void crash_within_a_frame(Plugin&, const bp_request&) {
  send_bytes(half_a_frame());
  crash();
}
void hang_up(Plugin&, const bp_request&) {
  ::shutdown(link::kRunnerSocket, SHUT_RDWR);
  live_on();
}
// As a later version might, and then answers.
void send_unknown_codes(Plugin& plugin, const bp_request& request) {
  for (const std::uint16_t code : {0, 14, 63, 84, 127, 128, 129, 65535}) {
    std::string bytes;
    link::write_frame_head({5, code, 0, request.op}, bytes);
    send_bytes(bytes + "hello");
  }
  plugin.respond(request.op, "fine");
}
// That no frame needs.
void send_many_descriptors(Plugin& plugin, const bp_request& request) {
  const std::vector<int> many(250, STDERR_FILENO);
  for (int i = 0; i < 4; ++i) send_with(frame({Code::kPong, 0, {}}), many);
  plugin.respond(request.op, "fine");
}

// --- what is not its to say ---

void speak_as_the_host(Plugin&, const bp_request& request) {
  say({Code::kEnded, request.op, link::Reason{}});
}
void greet_again(Plugin&, const bp_request&) {
  say({Code::kHello, 0, link::Hello{link::kWireVersion, BP_ABI_VERSION, {}}});
}
// It says that it is in a sandbox that it is not in.
void praise_its_sandbox(Plugin&, const bp_request&) {
  say({Code::kSandboxed, 0, link::Sandboxed{{{"files", true, "none at all"}}}});
}
void send_a_metric_out_of_range(Plugin&, const bp_request&) {
  say({Code::kMetric, 1'000'000'000, link::Metric{"load", "", false, 1}});
}
// Its name would be lines of its own in the text of all metrics.
void forge_a_metric(Plugin&, const bp_request&) {
  say({Code::kMetric, 1, link::Metric{"a 1\nbackplane_connections", "", false, 1}});
}
// Says again and again that it has started, and that it has not.
void start_again(Plugin& plugin, const bp_request& request) {
  for (int i = 0; i < 100; ++i) {
    say({Code::kStarted, 0, link::Outcome{i % 2 == 0 ? BP_OK : BP_E_IO, "again"}});
    say({Code::kConfigured, static_cast<std::uint64_t>(i), link::Outcome{BP_OK, "again"}});
  }
  plugin.respond(request.op, "fine");
}
// Answers pings before they come, and those of long ago, and goes on.
void pong_early(Plugin& plugin, const bp_request& request) {
  for (std::uint64_t ping : {1'000'000, 2, 1, 0}) say({Code::kPong, ping, {}});
  plugin.respond(request.op, "fine");
}
// Which nobody asked; and lives on.
void say_that_it_stopped(Plugin&, const bp_request&) {
  tell_that_it_begins();
  say({Code::kStopped, 0, {}});
  live_on();
}
// The same, and ends with open operations.
void leave_in_order(Plugin&, const bp_request&) {
  say({Code::kStopped, 0, {}});
  ::_exit(0);
}

// --- operations ---

// Answers, ends and credits operations that are not its own.
void answer_for_others(Plugin& plugin, const bp_request& request) {
  for (bp_op op = 0; op < 200; ++op) {
    if (op == request.op) continue;
    say({Code::kRespond, op, answer("stolen")});
    say({Code::kBegin, op, answer({})});
    say({Code::kConsume, op, link::Count{1}});
    say({Code::kEnd, op, link::Close{}});
    say({Code::kFail, op, link::Failure{}});
  }
  say({Code::kRespond, ~bp_op{0}, answer("nobody's")});
  plugin.respond(request.op, "mine");
}
// And begins a stream on what is answered.
void answer_again(Plugin&, const bp_request& request) {
  say({Code::kRespond, request.op, answer("first")});
  say({Code::kRespond, request.op, answer("second")});
  say({Code::kBegin, request.op, answer({})});
  say({Code::kEnd, request.op, link::Close{}});
}
void write_before_it_begins(Plugin&, const bp_request& request) {
  say_bytes(request.op, "early");
}
// Without regard for its credit.
void write_over_its_window(Plugin&, const bp_request& request) {
  say({Code::kBegin, request.op, answer({})});
  for (int piece = 0; piece < 40; ++piece) say_bytes(request.op, std::string(60'000, 'w'));
}
// Puts an empty message into a stream of bytes: as a piece of a body it would be its end.
void end_a_body_early(Plugin&, const bp_request& request) {
  say({Code::kBegin, request.op, answer({})});
  say({Code::kWrite, request.op, link::Data{backplane::op::DataKind::kText, ""}});
  say_bytes(request.op, "HTTP/1.1 200 OK\r\n\r\n");
}
// More of a body than it was given.
void give_back_too_much(Plugin& plugin, const bp_request& request) {
  for (int i = 0; i < 100; ++i) say({Code::kConsume, request.op, link::Count{256 * 1024}});
  plugin.respond(request.op, "fine");
}

// --- shared memory ---

constexpr std::uint32_t kSharedBytes = 100'000;

int memory_of(off_t size, int seals) {
  const int memory = ::memfd_create("hostile", MFD_ALLOW_SEALING);
  if (::ftruncate(memory, size) != 0) std::abort();
  if (seals != 0) ::fcntl(memory, F_ADD_SEALS, seals);
  return memory;
}
void share_nothing(Plugin&, const bp_request& request) {
  send_bytes(shared_head(kSharedBytes, request.op));
}
// It can still change it.
void share_unsealed(Plugin&, const bp_request& request) {
  send_with(shared_head(kSharedBytes, request.op), {memory_of(kSharedBytes, 0)});
}
// Than it says.
void share_another_size(Plugin&, const bp_request& request) {
  constexpr int kAllSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  send_with(shared_head(16 * 1024 * 1024, request.op), {memory_of(4096, kAllSeals)});
}
// Sealed against writing alone; takes it away as it is looked at.
void share_and_shrink(Plugin&, const bp_request& request) {
  const int memory = memory_of(kSharedBytes, F_SEAL_WRITE);
  send_with(shared_head(kSharedBytes, request.op), {memory});
  while (::ftruncate(memory, 0) == 0 && ::ftruncate(memory, kSharedBytes) == 0) {
  }
}
// Of its own, in place of memory; the query names it.
void share_a_file(Plugin&, const bp_request& request) {
  const int file = ::open(query(request).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (::ftruncate(file, kSharedBytes) != 0) return;
  send_with(shared_head(kSharedBytes, request.op), {file});
}

// The page that it shares with the daemon: closed after it was mapped, so it is looked for among the mappings.
link::SharedPage* find_page() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("backplane-page") == std::string::npos) continue;
    return reinterpret_cast<link::SharedPage*>(std::strtoull(line.c_str(), nullptr, 16));
  }
  return nullptr;
}
// Fills it with the number that the query names, and never answers.
void lie_in_the_page(Plugin&, const bp_request& request) {
  link::SharedPage* page = find_page();
  if (page == nullptr) return;
  const std::uint64_t number = std::strtoull(query(request).c_str(), nullptr, 16);
  for (std::size_t at = 0; at + sizeof number <= sizeof *page; at += sizeof number) {
    std::memcpy(reinterpret_cast<char*>(page) + at, &number, sizeof number);
  }
  tell_that_it_begins();
  live_on();
}

constexpr Misdeed kRows[] = {
    {"writes-garbage", write_garbage},
    {"sends-a-huge-frame", announce_four_gigabytes},
    {"sends-half-a-frame", send_half_a_frame},
    {"crashes-within-a-frame", crash_within_a_frame},
    {"hangs-up", hang_up},
    {"sends-unknown-codes", send_unknown_codes},
    {"sends-many-descriptors", send_many_descriptors},

    {"speaks-as-the-host", speak_as_the_host},
    {"greets-again", greet_again},
    {"praises-its-sandbox", praise_its_sandbox},
    {"counts-without-end", send_a_metric_out_of_range},
    {"forges-a-metric", forge_a_metric},
    {"starts-again", start_again},
    {"pongs-early", pong_early},
    {"says-it-stopped", say_that_it_stopped},
    {"leaves-in-order", leave_in_order},

    {"answers-for-others", answer_for_others},
    {"answers-again", answer_again},
    {"writes-before-it-begins", write_before_it_begins},
    {"writes-over-its-window", write_over_its_window},
    {"ends-a-body-early", end_a_body_early},
    {"gives-back-too-much", give_back_too_much},

    {"shares-nothing", share_nothing},
    {"shares-unsealed", share_unsealed},
    {"shares-another-size", share_another_size},
    {"shares-and-shrinks", share_and_shrink},
    {"shares-a-file", share_a_file},
    {"lies-in-the-page", lie_in_the_page},
};

}  // namespace

std::span<const Misdeed> connection() {
  return kRows;
}

}  // namespace hostile
