#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>

#include "base/unique_fd.hpp"
#include "probe_action.hpp"

namespace backplane::runner::probe {
namespace {

using base::UniqueFd;

std::string make_socket(const Arguments& arguments) {
  const int protocol = arguments.size() > 2 ? std::stoi(arguments[2]) : 0;
  return outcome(static_cast<bool>(UniqueFd(::socket(std::stoi(arguments[0]), std::stoi(arguments[1]), protocol))));
}

std::string make_pair(const Arguments& arguments) {
  int ends[2];
  return outcome(::socketpair(AF_UNIX, std::stoi(arguments[0]), 0, ends) == 0);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string connect_port(const Arguments& arguments) {
  const UniqueFd stream(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(std::stoi(arguments[0]));
  return outcome(stream && ::connect(stream.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

std::string listen_on_port(const Arguments&) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(0);
  return outcome(listener && ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                 ::listen(listener.get(), 1) == 0);
}

// A path, or with a leading @ a name without a file.
std::string local_socket(const std::string& path, int (*use)(int, const sockaddr*, socklen_t)) {
  const UniqueFd stream(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (path.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  return outcome(stream && use(stream.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0);
}

std::string connect_local(const Arguments& arguments) {
  return local_socket(arguments[0],
                      [](int fd, const sockaddr* address, socklen_t length) { return ::connect(fd, address, length); });
}

std::string bind_local(const Arguments& arguments) {
  return local_socket(arguments[0],
                      [](int fd, const sockaddr* address, socklen_t length) { return ::bind(fd, address, length); });
}

std::string look_up_user(const Arguments&) {
  ::getpwuid(0);  // whether it is found is up to the files that it may read
  return "ok";
}

std::string look_up_host(const Arguments&) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo("localhost", "80", &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  ::freeaddrinfo(found);
  return "ok";
}

}  // namespace

Actions socket_actions() {
  return {{"socket", make_socket},        {"socketpair", make_pair},        {"connect", connect_port},
          {"listen", listen_on_port},     {"connect-local", connect_local}, {"bind-local", bind_local},
          {"look-up-user", look_up_user}, {"look-up-host", look_up_host}};
}

}  // namespace backplane::runner::probe
