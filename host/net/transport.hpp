// A connected socket with or without TLS, non-blocking. TLS works on the socket itself: Asio only says when the socket
// is ready (performance.md: half the CPU of an engine that Asio copies through).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/unique_fd.hpp"
#include "net/tls/tls_context.hpp"

namespace backplane::net {

enum class Io {
  kDone,       // `bytes` were moved
  kWantRead,   // nothing moved: wait until the socket is readable
  kWantWrite,  // nothing moved: wait until the socket is writable
  kClosed,     // the peer ended its side in an orderly way
  kFailed,     // the connection is broken
};

struct IoResult {
  Io io;
  std::size_t bytes = 0;
};

class Transport {
 public:
  // Takes a connected, non-blocking socket. `tls` null: plain.
  Transport(base::UniqueFd socket, const std::shared_ptr<const TlsContext>& tls);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  bool is_tls() const { return tls_; }
  int socket() const { return socket_.get(); }

  IoResult handshake();
  IoResult read(char* buffer, std::size_t size);
  IoResult write(std::string_view bytes);
  // Whether read() may find bytes although the socket is not readable: TLS has read ahead.
  bool has_pending() const;
  // Whether the last read() has emptied the socket, so that what comes next is announced. A guess on the safe side.
  bool drained() const { return drained_; }
  // A peer may send records that carry no data (KeyUpdate, alerts, renegotiation), and OpenSSL takes any number of them
  // within one call. It gets a handful of them between two calls of this; with more the connection fails.
  void forgive_records_without_data() { records_without_data_ = 0; }
  // Whether it has failed by that.
  bool flooded() const { return flooded_; }
  // Says goodbye in TLS where that is possible at once, then ends our side.
  void shut_down();
  void close();

 private:
  static void on_tls_message(int written, int version, int content_type, const void* bytes, std::size_t size,
                             ssl_st* session, void* self);
  void count_record_without_data();
  IoResult read_tls(char* buffer, std::size_t size);
  IoResult tls_result(int result);

  base::UniqueFd socket_;
  const bool tls_;
  ssl_st* session_ = nullptr;  // null on TLS where memory was short: then every call fails, never falls back to plain
  bool drained_ = false;
  bool flooded_ = false;
  int records_without_data_ = 0;
};

}  // namespace backplane::net
