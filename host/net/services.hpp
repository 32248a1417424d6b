// What every connection uses, made and owned by the app.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>

#include "auth/gate.hpp"
#include "base/clock.hpp"
#include "base/readiness.hpp"
#include "http/answer_cache.hpp"
#include "http/router.hpp"
#include "net/access_log.hpp"
#include "net/request_origin.hpp"
#include "op/op_table.hpp"

namespace backplane::net {

// Counted since the start, for /metrics.
struct Counters {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t connections_flooding = 0;  // ended, for they sent TLS records without data
  std::uint64_t handshakes_failed = 0;
  std::uint64_t requests = 0;
  std::uint64_t answers_2xx = 0;
  std::uint64_t answers_3xx = 0;
  std::uint64_t answers_4xx = 0;
  std::uint64_t answers_5xx = 0;
  std::uint64_t heads_refused = 0;
};

struct Services {
  boost::asio::io_context& io;
  base::Readiness& readiness;
  const base::Clock& clock;
  const http::Router& router;
  http::AnswerCache& answers;
  auth::Gate& gate;
  op::OpTable& operations;
  ClientAddress client_address;
  // A plugin's process has the daemon's user, perhaps, but none of its rights: it is nobody on a Unix socket.
  std::function<bool(std::int64_t pid)> is_plugin = nullptr;
  Counters counters = {};
  AccessLog access_log{clock};
  bool logs_access = true;
  bool draining = false;  // answers close their connections, idle connections end
};

}  // namespace backplane::net
