// A request, and who it comes from once a credential has been verified. Plain data; the latter lives here, not in auth,
// because operations carry it and stand beside auth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::exchange {

// How the credential came; kvmd's access log names it ("admin (token)").
enum class CredentialKind { kNone, kXHeaders, kBearer, kWebSocketProtocol, kCookie, kBasic, kUnixPeer };

struct Principal {
  std::int32_t uid = 0;  // the user's number, from 1 (gravwell.md §1.3)
  std::string user;
  std::string role;
  std::vector<std::string> scopes;  // sorted
  CredentialKind credential = CredentialKind::kNone;
  std::uint64_t session = 0;  // the session's number in the registry; 0 if no session is behind the request

  bool may(std::string_view scope) const {
    return std::binary_search(scopes.begin(), scopes.end(), scope,
                              [](std::string_view a, std::string_view b) { return a < b; });
  }
};

// One HTTP request as every layer sees it: plain data, filled by net and http, immutable once a handler has it.
// It owns its bytes, so a plugin's thread may read it after the connection is gone.
struct Header {
  std::string_view name;   // as sent; compare with same_name()
  std::string_view value;  // surrounding blanks removed
};

// A name and its value, from a query, a form, a JSON body or a path pattern. Repeated names are kept in order.
struct Field {
  std::string name;
  std::string value;
};

struct Peer {
  std::string address;  // IP literal without port or zone (IPv4-mapped IPv6 shown as IPv4); empty on a Unix socket
  std::int64_t unix_uid = -1;  // the peer's user id on a Unix socket, else -1
  std::int64_t unix_pid = 0;   // its process there, else 0
  bool tls = false;
};

struct Request {
  std::string head;  // the raw bytes that the views below look into
  std::string_view method;
  std::string_view target;  // as sent: path and query
  std::string_view query;   // after '?', still encoded; empty if there is none
  int minor_version = 1;    // HTTP/1.<minor_version>
  std::vector<Header> headers;

  std::string path;  // percent-decoded; what the router matches
  std::vector<Field> query_fields;
  std::vector<Field> path_parameters;
  std::vector<Field> fields;  // the parsed body, if the route asks for fields
  std::string body;           // the raw body, if the route asks for it whole

  Peer peer;
  std::string client_address;  // the peer's, or the one a trusted proxy vouches for; the only address others use
  std::shared_ptr<const Principal> principal;  // null on public routes
  std::uint64_t trace = 0;                     // this request's number in logs

  // Empty again for the next request of a connection, with the memory of its bytes, headers and path kept.
  void reset();

  // The value of the first header with that name; empty if there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;
  // The value of one cookie; empty if there is none.
  std::string_view cookie(std::string_view name) const;
};

// Header names compare without regard to ASCII case (RFC 9110 §5.1).
bool same_name(std::string_view a, std::string_view b);

// The first field of that name, or null. "The first one wins" is kvmd's rule (pikvm.md §2).
const Field* find_field(const std::vector<Field>& fields, std::string_view name);

}  // namespace backplane::exchange
