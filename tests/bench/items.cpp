// How many items a second go from a plugin's process to the daemon, and what CPU they cost both together: through the
// socket, and through shared memory beside it, in turn. It has settled kFrameBytesMax: memory is shared only
// where a frame cannot hold the item, for making and mapping fresh pages costs more than copying through the socket.
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "link/wire/frame_stream.hpp"

namespace {

using backplane::base::UniqueFd;
using backplane::link::FrameStream;
using backplane::link::Message;

constexpr int kRounds = 7;
constexpr std::size_t kRoundBytes = std::size_t{400} << 20;
constexpr std::size_t kNever = std::size_t{1} << 30;

// As a plugin: answers, one after the other, as fast as they are taken.
[[noreturn]] void send_items(UniqueFd socket, std::size_t bytes, std::size_t count, std::size_t inline_bytes_max) {
  FrameStream stream(std::move(socket), FrameStream::Speaker::kHost, inline_bytes_max);
  const std::string body(bytes, 'x');
  for (std::size_t i = 0; i < count; ++i) {
    backplane::exchange::Response answer;
    answer.body = body;
    stream.put({backplane::link::Code::kRespond, i, std::move(answer)});
    while (stream.flush() && stream.unsent() != 0) {
      pollfd ready{stream.socket(), POLLOUT, 0};
      ::poll(&ready, 1, -1);
    }
  }
  ::_exit(0);
}

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Figures {
  double items_per_second;
  double cpu_us_per_item;
};

Figures run(std::size_t bytes, std::size_t inline_bytes_max) {
  const std::size_t count = std::clamp<std::size_t>(kRoundBytes / bytes, 100, 20'000);
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  const double cpu_before = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
  const auto begun = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    send_items(UniqueFd(ends[1]), bytes, count, inline_bytes_max);
  }
  ::close(ends[1]);
  FrameStream stream{UniqueFd(ends[0]), FrameStream::Speaker::kPlugin};
  std::size_t got = 0;
  for (;;) {
    const auto received = stream.receive(64, [&got](Message&) { return ++got != 0; });
    if (received == FrameStream::Received::kClosed || received == FrameStream::Received::kWrong) break;
    if (received == FrameStream::Received::kSome) continue;
    pollfd ready{stream.socket(), POLLIN, 0};
    ::poll(&ready, 1, -1);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  ::waitpid(child, nullptr, 0);
  if (got != count) std::fprintf(stderr, "only %zu of %zu came: %s\n", got, count, stream.problem().c_str());
  const double cpu = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN) - cpu_before;
  return {static_cast<double>(count) / seconds, cpu * 1e6 / static_cast<double>(count)};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  std::printf("items: from a plugin's process to the daemon, medians of %d rounds in turn\n", kRounds);
  std::printf("  %-10s%26s%26s%10s\n", "", "socket", "shared memory", "");
  std::printf("  %-10s%14s%12s%14s%12s%10s\n", "bytes", "items/s", "CPU us", "items/s", "CPU us", "ratio");
  for (const std::size_t bytes : {16'000, 64'000, 128'000, 200'000, 400'000, 1'000'000}) {
    std::vector<double> rates[2];
    std::vector<double> costs[2];
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) {
      const Figures socket = run(bytes, kNever);
      const Figures shared = run(bytes, 0);
      rates[0].push_back(socket.items_per_second);
      rates[1].push_back(shared.items_per_second);
      costs[0].push_back(socket.cpu_us_per_item);
      costs[1].push_back(shared.cpu_us_per_item);
      ratios.push_back(shared.items_per_second / socket.items_per_second);
    }
    std::printf("  %-10zu%14.0f%12.1f%14.0f%12.1f%10.2f\n", bytes, median(rates[0]), median(costs[0]), median(rates[1]),
                median(costs[1]), median(ratios));
  }
}
