// A request and the start of a multipart part, as a handler sees them. Both are valid only until the handler returns:
// copy what is needed later.
#pragma once

#include <backplane/ext/http.h>

#include <backplane/fields.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace backplane::sdk {

class Request {
 public:
  explicit Request(const bp_request& request) : request_(request) {}

  std::string_view method() const { return view(request_.method); }
  std::string_view path() const { return view(request_.path); }
  std::string_view raw_query() const { return view(request_.query); }

  // A parameter of the route's pattern. It is always there when the pattern has it; empty for an unknown name.
  std::string_view path_parameter(std::string_view name) const { return path_parameters().find(name).value_or(""); }
  std::optional<std::string_view> query(std::string_view name) const { return query_fields().find(name); }
  // Any case of the name. Credentials are never among the headers.
  std::optional<std::string_view> header(std::string_view name) const { return headers().find_ignoring_case(name); }
  // A field of the body, where the route says "body": "fields".
  std::optional<std::string_view> field(std::string_view name) const { return fields().find(name); }

  Fields path_parameters() const { return Fields(request_.path_parameters); }
  Fields query_fields() const { return Fields(request_.query_fields); }
  Fields headers() const { return Fields(request_.headers); }
  Fields fields() const { return Fields(request_.fields); }

  // Empty, and uid 0, on a public route.
  std::string_view user() const { return view(request_.user); }
  std::int64_t uid() const { return request_.uid; }
  std::string_view role() const { return view(request_.role); }
  // Whether the user may do that too, where a route's answer depends on more than the route's own scope.
  bool has_scope(std::string_view scope) const {
    for (std::size_t i = 0; i < request_.scope_count; ++i) {
      if (view(request_.scopes[i]) == scope) return true;
    }
    return false;
  }
  // 0: no session is behind the request.
  std::uint64_t session() const { return request_.session; }
  // An IP literal; empty on a Unix socket.
  std::string_view client_address() const { return view(request_.client_address); }
  // The number of this request in the access log.
  std::string_view trace() const { return view(request_.trace); }
  std::int64_t timeout_ms() const { return request_.timeout_ms; }

  bool is_websocket() const { return request_.is_websocket != 0; }
  // Of a raw or parts body; empty where the client did not say.
  std::optional<std::uint64_t> content_length() const {
    if (request_.content_length_known == 0) return std::nullopt;
    return request_.content_length;
  }

  const bp_request& raw() const { return request_; }

 private:
  const bp_request& request_;
};

class Part {
 public:
  explicit Part(const bp_part& part) : part_(part) {}

  std::string_view name() const { return view(part_.name); }
  // Empty value: the part has no filename at all. What the client claims; never use it as a path.
  std::optional<std::string_view> filename() const {
    if (part_.has_filename == 0) return std::nullopt;
    return view(part_.filename);
  }
  std::string_view content_type() const { return view(part_.content_type); }

 private:
  const bp_part& part_;
};

}  // namespace backplane::sdk
