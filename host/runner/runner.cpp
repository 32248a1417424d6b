#include "runner/runner.hpp"

#include <backplane/abi.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "link/plugin_side/plugin_side.hpp"
#include "link/status.hpp"
#include "link/wire/extensions.hpp"
#include "link/wire/frame_stream.hpp"
#include "link/wire/shared_page.hpp"
#include "plugin/library.hpp"
#include "runner/child_port.hpp"
#include "runner/sandbox.hpp"

namespace backplane::runner {
namespace {

using link::Code;

constexpr int kSetUpWaitMs = 10'000;

link::SharedPage* map_page() {
  void* address = ::mmap(nullptr, sizeof(link::SharedPage), PROT_READ | PROT_WRITE, MAP_SHARED, link::kRunnerPage, 0);
  ::close(link::kRunnerPage);
  return address == MAP_FAILED ? nullptr : static_cast<link::SharedPage*>(address);
}

std::shared_ptr<const link::Settings> wait_for_settings(link::FrameStream& stream) {
  std::shared_ptr<const link::Settings> settings;
  while (settings == nullptr) {
    const auto received = stream.receive(1, [&settings](link::Message& message) {
      if (message.code == Code::kSetUp) settings = std::get<link::SetUp>(message.payload).settings;
      return true;
    });
    if (received == link::FrameStream::Received::kSome) continue;
    pollfd ready{stream.socket(), POLLIN, 0};
    if (received != link::FrameStream::Received::kAll || ::poll(&ready, 1, kSetUpWaitMs) <= 0) return nullptr;
  }
  return settings;
}

// Why the plugin cannot run, as the answer to its start.
int refuse(link::FrameStream& stream, const base::Problem& problem) {
  stream.put({Code::kStarted, 0, link::Outcome{link::to_status(problem.code), problem.message()}});
  stream.put({Code::kStopped, 0, {}});
  stream.flush();
  return 0;
}

int serve(link::FrameStream& stream, link::Settings settings, const base::Clock& clock, link::Busy& busy) {
  ChildPort* port_there = nullptr;
  link::PluginQueue from_host;
  link::HostQueue to_host([&port_there](Code code) { port_there->said(code); });
  ChildPort port(stream, from_host, to_host);
  port_there = &port;
  link::PluginSide side(std::move(settings), clock, from_host, to_host, busy, &port);
  side.loop().wake_by(stream.socket());
  side.run();
  port.send_rest();
  // Not by way of the plugin's own exit handlers and static destructors: it is destroyed, and what is left of it has
  // nothing more to do.
  ::_exit(0);
}

}  // namespace

int run(const base::Clock& clock) {
  std::signal(SIGPIPE, SIG_IGN);  // as in the daemon
  ::fcntl(link::kRunnerSocket, F_SETFD, FD_CLOEXEC);
  link::SharedPage* page = map_page();
  if (page == nullptr) {
    std::fputs("backplane-runner is started by backplaned; it does nothing for others\n", stderr);
    return 2;
  }
  link::FrameStream stream(base::UniqueFd(link::kRunnerSocket), link::FrameStream::Speaker::kHost);
  stream.put(
      {Code::kHello, 0,
       link::Hello{
           link::kWireVersion, BP_ABI_VERSION, {std::begin(link::kHostExtensions), std::end(link::kHostExtensions)}}});
  if (!stream.flush()) return 1;
  const auto set_up = wait_for_settings(stream);
  if (set_up == nullptr) return 1;
  link::Settings settings = *set_up;
  base::set_log_level(settings.log_level);

  auto layers = enter_sandbox(settings.sandbox,
                              {.library = settings.library,
                               .manifest_or_empty = {},
                               .state_dir = settings.data_dir.parent_path().parent_path(),
                               .data_dir = settings.data_dir},
                              link::kRunnerSocket, &page->stopped_call);
  if (!layers) return refuse(stream, layers.error());
  stream.put({Code::kSandboxed, 0, link::Sandboxed{std::move(*layers)}});
  stream.flush();
  const auto entry = plugin::load_library(settings.library, settings.manifest);
  if (!entry) return refuse(stream, entry.error());
  settings.entry = *entry;
  return serve(stream, std::move(settings), clock, page->busy);
}

}  // namespace backplane::runner
