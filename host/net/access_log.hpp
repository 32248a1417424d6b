// One line per request in the daemon's log, in kvmd's form (pikvm.md §3.6). Strangers have a share each, so that nobody
// without a login fills the log. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "exchange/request.hpp"

namespace backplane::net {

class AccessLog {
 public:
  explicit AccessLog(const base::Clock& clock) : clock_(clock) {}
  // Tells what has been left out until now.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // [admin (token) / 192.168.1.2] 'GET /api/info HTTP/1.1' => 200; size=751 --- referer='-'; user_agent='curl/7'
  // The query is left out: it may hold what clients should not have put there (S-11). Of the referer only the part
  // before its query is shown. Of a client without a login (an IPv4 address, an IPv6 /64, or all Unix sockets together)
  // a line that comes again within kAccessSharePeriodMs is counted, and so is what goes over the client's share.
  void record(const exchange::Request& request, int status, std::size_t bytes);

  // Writes what was counted for clients whose time is over. Call every kTickMs.
  void tick();

 private:
  struct Shown {
    std::string line;
    std::uint64_t more = 0;  // came again since
  };
  struct Stranger {
    std::string address;  // the first one of it; empty for those who have no place of their own
    std::int64_t since_ms = 0;
    std::size_t lines = 0;
    std::size_t bytes = 0;
    std::uint64_t left_out = 0;
    std::vector<Shown> shown;
  };

  Stranger& stranger(const std::string& address);
  static void record_line(Stranger& stranger, std::string line);
  static void tell_left_out(const Stranger& stranger);

  const base::Clock& clock_;
  std::unordered_map<std::string, Stranger> strangers_;  // who came within the last period
};

}  // namespace backplane::net
