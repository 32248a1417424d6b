// The daemon as a whole: owns every part, starts them top to bottom and stops them bottom to top.
#pragma once

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/listeners.hpp"
#include "app/start_up.hpp"
#include "auth/authenticator.hpp"
#include "base/clock.hpp"
#include "base/worker.hpp"
#include "config/load.hpp"
#include "feed/log_feed.hpp"
#include "http/answer_cache.hpp"
#include "http/router.hpp"
#include "net/loop/io_loop.hpp"
#include "net/server.hpp"
#include "op/op_table.hpp"
#include "plugin/links.hpp"
#include "plugin/supervisor.hpp"
#include "store/state_lock.hpp"
#include "store/store_thread.hpp"

namespace backplane::app {

class App {
 public:
  App(AppOptions options, config::Settings settings, StartUp found);

  // In this order. A Problem says which address cannot be listened on.
  base::Checked<void> listen(std::vector<net::ListenerSpec> specs);
  void publish_routes();
  void load_plugins();
  // Until SIGTERM or SIGINT. Returns the exit status.
  int run();

 private:
  plugin::Supervisor::Options supervisor_options();
  void rights_changed();
  void serve();
  void wait_for_signals();
  void tick();
  void reload();
  void apply(config::LoadOutcome loaded);
  void stop();
  void stopped(bool clean);
  std::vector<std::string> scopes_of(const std::string& role) const;
  void revoke(const std::function<bool(const exchange::Principal&)>& whose);

  const AppOptions options_;
  config::Settings settings_;
  UnixPeers peers_;
  const base::Clock& clock_ = base::system_clock();
  net::IoLoop loop_;
  const store::Executor executor_ = [this](std::function<void()> job) { loop_.post(std::move(job)); };
  std::optional<store::StateLock> lock_;
  store::StoreThread store_;
  op::OpTable operations_{clock_};
  http::Router router_;
  http::AnswerCache answers_{clock_, operations_, executor_};
  feed::Feeds feeds_;
  const feed::LogFeed log_feed_;
  const link::ProcessHost process_host_;
  plugin::Supervisor supervisor_;
  auth::Authenticator authenticator_;
  net::Services services_;
  net::Server server_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer ticker_;
  const std::shared_ptr<net::OperationMemory> signal_memory_ = std::make_shared<net::OperationMemory>();
  const std::shared_ptr<net::OperationMemory> tick_memory_ = std::make_shared<net::OperationMemory>();
  std::uint64_t ticks_ = 0;
  bool stop_asked_ = false;
  bool stopping_ = false;
  base::Worker reloader_{"reload", 1};  // reads the files; a second signal meanwhile finds it busy
};

}  // namespace backplane::app
