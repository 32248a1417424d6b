// Connects to a host in the network, without a grant.
#include <netinet/in.h>
#include <sys/socket.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  bad::respond(request->op, "tried");
}
HOSTILE_HANDLER(on_request);
