// backplane.loop/1, the host's side: all of it stays beside the plugin, no message goes to the host.
#include "link/host_tables.hpp"
#include "link/plugin_side.hpp"

namespace backplane::link {
namespace {

bp_status set_timer(const bp_host* host, bp_cookie timer, std::int64_t delay_ms, std::int64_t period_ms) {
  return side_of(host).loop().set_timer(timer, delay_ms, period_ms);
}

bp_status cancel_timer(const bp_host* host, bp_cookie timer) {
  return side_of(host).loop().cancel_timer(timer);
}

bp_status watch_fd(const bp_host* host, bp_cookie watch, int fd, std::uint32_t events) {
  return side_of(host).loop().watch_fd(watch, fd, events);
}

bp_status unwatch_fd(const bp_host* host, bp_cookie watch) {
  return side_of(host).loop().unwatch_fd(watch);
}

bp_status run_blocking(const bp_host* host, bp_cookie cookie, void (*work)(void* argument), void* argument) {
  return side_of(host).loop().run_blocking(cookie, work, argument);
}

}  // namespace

const bp_host_loop& loop_table() {
  static const bp_host_loop kTable{sizeof(bp_host_loop), 0,           set_timer, cancel_timer, watch_fd,
                                   unwatch_fd,           run_blocking};
  return kTable;
}

}  // namespace backplane::link
