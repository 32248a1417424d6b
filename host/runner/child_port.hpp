// Moves messages between the queues of the plugin's side and the socket to the daemon. Where the daemon has gone, the
// process ends here: nobody is left to serve.
#pragma once

#include <mutex>
#include <thread>
#include <vector>

#include "link/plugin_side/plugin_side.hpp"
#include "link/wire/frame_stream.hpp"
#include "link/wire/host_queue.hpp"
#include "link/wire/plugin_queue.hpp"

namespace backplane::runner {

class ChildPort final : public link::PluginSide::Port {
 public:
  ChildPort(link::FrameStream& stream, link::PluginQueue& from_host, link::HostQueue& to_host)
      : stream_(stream), from_host_(from_host), to_host_(to_host) {}

  void on_ready() override { readable_ = true; }
  void receive() override;
  void send() override;

  // For HostQueue's wake: what the plugin's own thread says goes out when its turn is over, all at once; what another
  // thread says, and each log line, at once. [any thread]
  void said(link::Code code);
  // Waits until all is sent, or the daemon takes nothing for a while.
  void send_rest();

 private:
  link::FrameStream& stream_;
  link::PluginQueue& from_host_;
  link::HostQueue& to_host_;
  const std::thread::id own_thread_ = std::this_thread::get_id();
  bool readable_ = true;
  std::mutex sending_;
  std::vector<link::Message> batch_;
};

}  // namespace backplane::runner
