// A WebSocket over one operation (RFC 6455): messages under credit both ways, pings, size limits. Beast does the
// protocol.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "net/channel.hpp"
#include "net/services.hpp"
#include "op/operation.hpp"

namespace backplane::net {

// Accepts the upgrade that the operation's request asks for, as its answer's head says, and runs until either side
// ends. The operation has been finished and the channel is of no further use when this returns. The operation is open
// and in phase kStreaming or kEnding.
boost::asio::awaitable<void> run_websocket(Services& services, Channel& channel, op::Operation& operation);

}  // namespace backplane::net
