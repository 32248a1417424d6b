// Asks the daemon who it is, over the local socket that its query names, and answers what the daemon said.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bad_plugins/bad.hpp"

static std::string ask(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::string("no socket: ") + std::strerror(errno);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return std::string("not connected: ") + std::strerror(errno);
  }
  const std::string request = "GET /api/auth/check HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) return "not sent";
  std::string answer;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::recv(socket, bytes, sizeof bytes, 0)) > 0;) {
    answer.append(bytes, static_cast<std::size_t>(got));
  }
  ::close(socket);
  return answer;
}

// On a thread of its own would be kinder; the daemon answers without this plugin's help.
static constexpr bad::Misdeed kCallsHome{"calls-home", [](bad::Plugin& plugin, const bp_request& request) {
                                           plugin.respond(request.op, ask(std::string(bad::text(request.query))));
                                         }};
static const bp_plugin* create(const bp_host* host, const char*, bp_bytes) {
  return bad::create(host, kCallsHome);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
