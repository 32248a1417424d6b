// The handle of one operation: a number and the way to the host. Copy it freely, keep it, answer from any thread; once
// the operation has ended every call gives BP_E_GONE and does nothing.
#pragma once

#include <backplane/fields.hpp>
#include <backplane/response.hpp>
#include <backplane/result.hpp>
#include <backplane/tables.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace backplane::sdk {

enum class DataKind : std::int32_t { kBytes = BP_DATA_BYTES, kText = BP_DATA_TEXT, kBinary = BP_DATA_BINARY };

enum class EndReason : std::int32_t {
  kDone = BP_END_DONE,
  kClientGone = BP_END_CLIENT_GONE,
  kDeadline = BP_END_DEADLINE,
  kRevoked = BP_END_REVOKED,
  kStopping = BP_END_STOPPING,
  kOverrun = BP_END_OVERRUN,
};

class Operation {
 public:
  // Names no operation: every call gives BP_E_GONE.
  Operation() = default;
  Operation(const Tables& tables, bp_op number) : host_(tables.host), http_(tables.http), number_(number) {}

  bp_op number() const { return number_; }
  explicit operator bool() const { return number_ != 0; }
  bool operator==(const Operation& other) const { return number_ == other.number_; }

  // Answers whole. BP_E_LIMIT: over 8 MiB, use begin and write. BP_E_AGAIN: too much is on its way already, answer
  // later.
  bp_status respond(const Response& response) const { return with_head(response, &bp_host_http::respond); }

  // Answers with an error, 400 … 599, in the route's own style. `error_class` counts in the kvmd style only.
  bp_status fail(std::int32_t status, std::string_view text, std::string_view error_class = {}) const {
    return send(&bp_host_http::fail, status, bytes(error_class), bytes(text));
  }

  bp_status fail(const Failure& failure) const { return fail(failure.status, failure.text, failure.error_class); }

  // Starts a streamed answer (the body of `head` is not sent), or accepts a WebSocket.
  bp_status begin(const Response& head) const { return with_head(head, &bp_host_http::begin); }

  // All or nothing. BP_E_AGAIN: no room, on_writable follows; BP_E_LIMIT: over BP_HTTP_WINDOW.
  bp_status write(std::string_view data, DataKind kind = DataKind::kBytes) const {
    return send(&bp_host_http::write, static_cast<std::int32_t>(kind), bytes(data));
  }

  // Ends a streamed answer; code and reason are a WebSocket's (0: 1000).
  bp_status end(std::int32_t code = 0, std::string_view reason = {}) const {
    return send(&bp_host_http::end, code, bytes(reason));
  }

  // Lets the client send `count` more bytes, after that many from on_data are dealt with.
  bp_status consume(std::size_t count) const { return send(&bp_host_http::consume, count); }

 private:
  template <class Function, class... Arguments>
  bp_status send(Function member, Arguments... arguments) const {
    return number_ == 0 ? BP_E_GONE : call(http_, member, host_, number_, arguments...);
  }

  template <class Function>
  bp_status with_head(const Response& response, Function member) const {
    std::vector<bp_field> headers;
    headers.reserve(response.headers().size());
    for (const auto& [name, value] : response.headers()) headers.push_back({bytes(name), bytes(value)});
    bp_response answer{};
    answer.size = sizeof answer;
    answer.status = response.status();
    answer.content_type = bytes(response.content_type());
    answer.headers = {headers.data(), headers.size(), sizeof(bp_field)};
    answer.body = bytes(response.body());
    answer.fresh_ms = response.fresh_ms();
    return send(member, static_cast<const bp_response*>(&answer));
  }

  const bp_host* host_ = nullptr;
  const bp_host_http* http_ = nullptr;
  bp_op number_ = 0;
};

}  // namespace backplane::sdk
