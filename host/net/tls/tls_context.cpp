#include "net/tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstring>
#include <string>

namespace backplane::net {
namespace {

using base::Error;
using base::problem;

constexpr char kCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-"
    "SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr char kGroups[] = "X25519:P-256:P-384";
constexpr unsigned char kSessionContext[] = "backplane";

// The last of OpenSSL's reasons; the system's own where there is one, since above it OpenSSL only says "system lib".
std::string openssl_reason() {
  std::string text = "unknown error";
  bool of_system = false;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_SYSTEM_ERROR(code) ? std::strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
    if (reason != nullptr && !of_system) text = reason;
    of_system = of_system || ERR_SYSTEM_ERROR(code);
  }
  return text;
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set1_groups_list(context, kGroups);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1);
  // Tickets only: a poller that reconnects saves the server a signature, and the server keeps no state for it.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
}

// What the measurements of the I/O design rest on: no idle buffers, one read per record, partial writes.
void tune(SSL_CTX* context) {
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
}

}  // namespace

base::Checked<std::shared_ptr<const TlsContext>> TlsContext::load(const std::filesystem::path& certificate,
                                                                  const std::filesystem::path& private_key) {
  ERR_clear_error();
  auto context = std::make_shared<TlsContext>(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* raw = context->context_;
  if (raw == nullptr) return problem(Error::kInternal, "cannot set up TLS: " + openssl_reason());
  harden(raw);
  tune(raw);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate.c_str()) != 1) {
    return problem(Error::kIo, "cannot read the certificate: " + openssl_reason(), certificate.string());
  }
  if (SSL_CTX_use_PrivateKey_file(raw, private_key.c_str(), SSL_FILETYPE_PEM) != 1) {
    // OpenSSL compares key and certificate here already.
    return problem(Error::kIo, "cannot use the private key with " + certificate.string() + ": " + openssl_reason(),
                   private_key.string());
  }
  if (SSL_CTX_check_private_key(raw) != 1) {
    return problem(Error::kInvalid, "the private key does not belong to " + certificate.string(), private_key.string());
  }
  return std::shared_ptr<const TlsContext>(std::move(context));
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

ssl_st* TlsContext::accept_on(int socket) const {
  SSL* session = SSL_new(context_);
  if (session == nullptr) return nullptr;
  if (SSL_set_fd(session, socket) != 1) {
    SSL_free(session);
    return nullptr;
  }
  SSL_set_accept_state(session);
  return session;
}

}  // namespace backplane::net
