#include "support/daemon.hpp"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <random>
#include <stdexcept>
#include <string_view>

namespace backplane::support {

// Below the ports that the system gives to outgoing connections: one of those could be taken by another test's client
// before the daemon listens.
std::uint16_t free_port() {
  static std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<std::uint16_t> any(15'000, 32'000);
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    const std::uint16_t port = any(random);
    const base::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return port;
  }
  throw std::runtime_error("no free port");
}

Daemon::Daemon(Options options) : wrapper_(options.wrapper), port_(free_port()), plain_port_(free_port()) {
  write_config(options);
  start();
}

void Daemon::write_config(const Options& options) const {
  const std::string plugin_dir = options.plugin_dir.empty() ? BACKPLANE_PLUGIN_DIR : options.plugin_dir;
  directory_.write("backplane.yaml",
                   "listen:\n"
                   "  - { address: \"127.0.0.1\", port: " +
                       std::to_string(port_) +
                       " }\n"
                       "  - { address: \"127.0.0.1\", port: " +
                       std::to_string(plain_port_) +
                       ", tls: false }\n"
                       "  - { unix: backplane.sock, mode: \"0600\", peers: { root: admin } }\n" +
                       options.listen + "plugin_dirs: [" + plugin_dir +
                       "]\n"
                       "plugins: " +
                       options.plugins + "\n" + options.extra);
}

void Daemon::start() {
  std::vector<std::string> argv = wrapper_;
  argv.insert(argv.end(), {BACKPLANED, "--config", config_file(), "--state-dir", state_dir()});
  process_ = std::make_unique<ChildProcess>(argv);
  if (!process_->wait_for_text("serving"))
    throw std::runtime_error("the daemon does not serve:\n" + process_->output());
  // Only the first start says it.
  constexpr std::string_view kLabel = "admin password: ";
  const std::string output = process_->output();
  const std::size_t label = output.find(kLabel);
  if (label == std::string::npos) return;
  const std::size_t start = label + kLabel.size();
  password_ = output.substr(start, output.find_first_of(" \r\n", start) - start);
}

Headers Daemon::session() {
  const Reply reply = client().post_form("/api/auth/login", "user=admin&passwd=" + password_);
  if (reply.status != 200) throw std::runtime_error("login failed: " + reply.head + reply.body);
  return {{"Cookie", reply.cookie()}};
}

int Daemon::stop() {
  process_->signal(SIGTERM);
  return process_->wait();
}

}  // namespace backplane::support
