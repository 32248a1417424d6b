// The TLS settings of a listener: certificate, key, protocol versions, ciphers, session tickets (security.md S-17).
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace backplane::net {

class TlsContext {
 public:
  // Reads both files and checks that they belong together. TLS 1.2 and 1.3 only, Mozilla's "intermediate" ciphers.
  // Blocks on disk; start-up and reload only.
  static base::Checked<std::shared_ptr<const TlsContext>> load(const std::filesystem::path& certificate,
                                                               const std::filesystem::path& private_key);
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // A server-side session on a connected socket; the caller frees it. It keeps what it needs of this context, so that a
  // reload never breaks an open connection. Null where memory is short.
  ssl_st* accept_on(int socket) const;

 private:
  ssl_ctx_st* context_;
};

}  // namespace backplane::net
